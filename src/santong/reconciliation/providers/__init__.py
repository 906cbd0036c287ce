"""Files of statements, from their bytes to matched."""
