"""The buyer's pages: deposit, code, contract, stages, changes, acceptance."""
