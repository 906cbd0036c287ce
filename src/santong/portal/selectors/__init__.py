"""What can be read of portal: no lock, no write."""
