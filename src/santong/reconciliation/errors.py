"""The refusals of reconciliation."""
