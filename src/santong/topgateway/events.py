"""The facts of topgateway."""
