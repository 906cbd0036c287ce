"""What can be read of aftersales: no lock, no write."""
