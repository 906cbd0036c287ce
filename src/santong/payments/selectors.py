"""What can be read of payments: no lock, no write."""
