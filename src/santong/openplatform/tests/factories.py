"""Things of openplatform for tests: say what the test is about."""
