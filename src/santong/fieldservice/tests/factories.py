"""Things of fieldservice for tests: say what the test is about."""
