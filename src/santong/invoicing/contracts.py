"""What leaves invoicing: frozen values."""
