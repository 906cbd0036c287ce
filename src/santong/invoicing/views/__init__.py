"""The buyer's pages: the receipt, the request for an invoice, what came of it."""
