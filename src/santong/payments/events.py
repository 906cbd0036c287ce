"""The facts of payments."""
