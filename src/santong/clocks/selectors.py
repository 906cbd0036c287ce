"""What can be read of clocks: no lock, no write."""
