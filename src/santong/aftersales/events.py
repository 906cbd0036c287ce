"""The facts of aftersales."""
