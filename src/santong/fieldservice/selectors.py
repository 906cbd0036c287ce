"""What can be read of fieldservice: no lock, no write."""
