"""What leaves portal: frozen values."""
