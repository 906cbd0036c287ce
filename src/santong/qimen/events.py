"""The facts of qimen."""
