"""Things of invoicing for tests: say what the test is about."""
