"""Reads of messaging; none of them locks or writes."""
