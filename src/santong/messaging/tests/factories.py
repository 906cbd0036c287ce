"""Things of messaging for tests: say what the test is about."""
