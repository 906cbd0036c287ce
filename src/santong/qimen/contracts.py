"""What leaves qimen: frozen values."""
