"""What can be read of qimen: no lock, no write."""
