"""The conformance suite: what is asked of a developer's endpoint, and what the answers mean."""
