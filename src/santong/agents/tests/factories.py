"""Things of agents for tests: say what the test is about."""
