"""The facts of presales."""
