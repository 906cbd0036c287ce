"""The Universal Commerce Protocol's shapes: what platforms send, and who they say they are."""
