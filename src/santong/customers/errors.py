"""The refusals of customers."""
