"""What can be read of agents: no lock, no write."""
