"""What leaves presales: frozen values."""
