"""What leaves fieldservice: frozen values."""
