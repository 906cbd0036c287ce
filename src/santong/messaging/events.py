"""The facts of messaging."""
