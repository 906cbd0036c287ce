"""What the launcher refuses to do, in words for the person at the keyboard."""


class Problem(Exception):
    """Something the person who runs `./santong` can act on; printed without a traceback."""
