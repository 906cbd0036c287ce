"""What leaves messaging: frozen values."""
