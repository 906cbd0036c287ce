"""What can be read of settlement: no lock, no write."""
