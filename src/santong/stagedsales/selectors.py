"""What can be read of stagedsales: no lock, no write."""
