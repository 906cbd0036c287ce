"""The buyer's pages of aftersales."""
