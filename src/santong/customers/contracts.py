"""What leaves customers: frozen values."""
