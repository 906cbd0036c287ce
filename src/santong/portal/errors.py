"""The refusals of portal."""
