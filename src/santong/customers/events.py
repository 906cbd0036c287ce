"""The facts of customers."""
