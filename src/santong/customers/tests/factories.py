"""Things of customers for tests: say what the test is about."""
