"""What can be read of topgateway: no lock, no write."""
