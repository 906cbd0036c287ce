"""The facts of clocks."""
