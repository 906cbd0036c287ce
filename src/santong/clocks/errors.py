"""The refusals of clocks."""
