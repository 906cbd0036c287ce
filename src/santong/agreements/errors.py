"""The refusals of agreements."""
