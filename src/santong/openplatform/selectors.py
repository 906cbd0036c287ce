"""What can be read of openplatform: no lock, no write."""
