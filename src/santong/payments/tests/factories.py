"""Things of payments for tests: say what the test is about."""
