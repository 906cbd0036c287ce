"""The facts of evidence."""
