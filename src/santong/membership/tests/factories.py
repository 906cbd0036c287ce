"""Things of membership for tests: say what the test is about."""
