"""The buyer's pages: what is offered, what was accepted, and what became of it."""
