"""Things of evidence for tests: say what the test is about."""
