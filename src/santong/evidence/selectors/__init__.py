"""What can be read of evidence: no lock, no write."""
