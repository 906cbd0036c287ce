"""The buyer's page: when somebody comes, the codes, and what came of it."""
