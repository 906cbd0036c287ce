"""The few candidates, out of all places, among which the best plan of all lies."""
