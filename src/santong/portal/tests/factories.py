"""Things of portal for tests: say what the test is about."""
