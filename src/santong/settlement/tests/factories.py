"""Things of settlement for tests: say what the test is about."""
