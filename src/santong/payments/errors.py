"""The refusals of payments."""
