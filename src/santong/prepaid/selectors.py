"""What can be read of prepaid: no lock, no write."""
