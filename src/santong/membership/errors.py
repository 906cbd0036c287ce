"""The refusals of membership."""
