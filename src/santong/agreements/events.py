"""The facts of agreements."""
