"""Things of reconciliation for tests: say what the test is about."""
