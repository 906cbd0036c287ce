"""What leaves reconciliation: frozen values."""
