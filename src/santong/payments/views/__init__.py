"""Pages and addresses of payments: where providers tell, and where buyers pay."""
