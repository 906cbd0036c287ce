"""The refusals of benefits."""
