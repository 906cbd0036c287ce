"""What leaves payments: frozen values."""
