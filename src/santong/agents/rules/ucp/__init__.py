"""The Universal Commerce Protocol's decisions: negotiation, the catalogue, a session's standing."""
