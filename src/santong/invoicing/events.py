"""The facts of invoicing."""
