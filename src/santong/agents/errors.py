"""The refusals of agents."""
