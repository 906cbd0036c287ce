"""The refusals of settlement."""
