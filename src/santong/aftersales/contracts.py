"""What leaves aftersales: frozen values."""
