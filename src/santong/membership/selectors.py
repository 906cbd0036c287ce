"""What can be read of membership: no lock, no write."""
