"""What can be read of messaging: no lock, no write."""
