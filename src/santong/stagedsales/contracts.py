"""What leaves stagedsales: frozen values."""
