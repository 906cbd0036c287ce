"""The facts of membership."""
