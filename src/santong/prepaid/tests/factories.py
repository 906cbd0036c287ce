"""Things of prepaid for tests: say what the test is about."""
