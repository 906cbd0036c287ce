"""What one more unit of stock in one place is worth before the next replenishment."""
