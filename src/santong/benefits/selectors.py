"""What can be read of benefits: no lock, no write."""
