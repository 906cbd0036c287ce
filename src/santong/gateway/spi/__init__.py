"""Shapes that the outside prescribes: the open platform's calls, in and out, over HTTP."""
