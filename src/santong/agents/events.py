"""The facts of agents."""
