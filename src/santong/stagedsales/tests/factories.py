"""Things of stagedsales for tests: say what the test is about."""
