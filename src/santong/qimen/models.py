"""The tables of qimen."""
