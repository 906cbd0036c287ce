"""What people read about the platform."""
