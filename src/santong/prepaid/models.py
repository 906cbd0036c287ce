"""The tables of prepaid."""
