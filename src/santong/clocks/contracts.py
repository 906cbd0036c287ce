"""What leaves clocks: frozen values."""
