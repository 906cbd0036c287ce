"""The refusals of prepaid."""
