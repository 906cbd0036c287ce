"""The tables of reconciliation."""
