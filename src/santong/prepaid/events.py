"""The facts of prepaid."""
