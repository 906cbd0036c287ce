"""Things of qimen for tests: say what the test is about."""
