"""The tables of invoicing."""
