"""What leaves membership: frozen values."""
