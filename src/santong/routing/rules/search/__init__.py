"""The searches for the cheapest plan, each exact or good where the others are not."""
