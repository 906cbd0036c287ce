"""The refusals of fieldservice."""
