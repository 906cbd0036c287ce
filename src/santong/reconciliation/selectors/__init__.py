"""What can be read of reconciliation: no lock, no write."""
