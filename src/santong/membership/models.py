"""The tables of membership."""
