"""Things of topgateway for tests: say what the test is about."""
