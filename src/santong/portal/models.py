"""The tables of portal."""
