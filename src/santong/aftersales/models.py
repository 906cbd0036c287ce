"""The tables of aftersales."""
