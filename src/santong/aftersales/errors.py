"""The refusals of aftersales."""
