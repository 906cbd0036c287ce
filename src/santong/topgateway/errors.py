"""The refusals of topgateway."""
