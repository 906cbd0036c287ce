"""What leaves prepaid: frozen values."""
