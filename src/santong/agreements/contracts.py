"""What leaves agreements: frozen values."""
