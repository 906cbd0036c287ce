"""The facts of reconciliation."""
