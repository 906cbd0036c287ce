"""What leaves evidence: frozen values."""
