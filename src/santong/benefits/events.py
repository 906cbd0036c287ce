"""The facts of benefits."""
