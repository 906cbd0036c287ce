"""Things of agreements for tests: say what the test is about."""
