"""What leaves topgateway: frozen values."""
