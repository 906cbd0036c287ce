"""What leaves openplatform: frozen values."""
