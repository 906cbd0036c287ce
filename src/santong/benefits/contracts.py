"""What leaves benefits: frozen values."""
