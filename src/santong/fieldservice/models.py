"""The tables of fieldservice."""
