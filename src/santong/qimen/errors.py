"""The refusals of qimen."""
