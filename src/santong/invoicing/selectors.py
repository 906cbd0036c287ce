"""What can be read of invoicing: no lock, no write."""
