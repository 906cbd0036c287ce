"""What can be read of customers: no lock, no write."""
