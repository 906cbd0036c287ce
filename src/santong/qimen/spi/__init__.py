"""What the bus prescribes: how calls come in, and how ours go out."""
