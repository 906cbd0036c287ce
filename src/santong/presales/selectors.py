"""What can be read of presales: no lock, no write."""
