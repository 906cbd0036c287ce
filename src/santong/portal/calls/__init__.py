"""Calls that the portal makes for a developer."""
