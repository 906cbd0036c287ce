"""Things of presales for tests: say what the test is about."""
