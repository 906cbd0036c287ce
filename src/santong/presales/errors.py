"""The refusals of presales."""
