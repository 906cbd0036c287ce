"""The refusals of evidence."""
