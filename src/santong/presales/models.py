"""The tables of presales."""
