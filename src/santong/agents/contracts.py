"""What leaves agents: frozen values."""
