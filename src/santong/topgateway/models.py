"""The tables of topgateway."""
