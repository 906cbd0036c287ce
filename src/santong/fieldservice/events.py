"""The facts of fieldservice."""
