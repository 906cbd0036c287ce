"""Payments over HTTP: the ledger to read, money to ask for, to capture and to give back."""
