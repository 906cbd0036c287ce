"""The tables of payments."""
