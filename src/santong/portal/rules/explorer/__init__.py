"""A call that a developer tries: how it goes over the wire, and how a program would make it."""
