"""What the launcher refuses to do, in words for the person at the keyboard."""


class Problem(Exception):  # noqa: N818 - it is a sentence to a person, not an error class
    """Something the person who runs `./santong` can act on; printed without a traceback."""
