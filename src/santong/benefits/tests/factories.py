"""Things of benefits for tests: say what the test is about."""
