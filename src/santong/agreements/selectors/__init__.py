"""What can be read of agreements: no lock, no write."""
