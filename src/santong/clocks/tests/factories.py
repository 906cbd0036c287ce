"""Things of clocks for tests: say what the test is about."""
