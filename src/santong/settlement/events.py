"""The facts of settlement."""
