"""The facts of portal."""
