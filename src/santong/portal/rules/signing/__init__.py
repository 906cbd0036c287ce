"""How a call is signed, step by step, and where a signature went wrong."""
