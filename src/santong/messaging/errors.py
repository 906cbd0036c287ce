"""The refusals of messaging."""
