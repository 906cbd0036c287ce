"""Things of aftersales for tests: say what the test is about."""
