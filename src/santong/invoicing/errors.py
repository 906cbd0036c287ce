"""The refusals of invoicing."""
