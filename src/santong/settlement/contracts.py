"""What leaves settlement: frozen values."""
