"""Carriers behind one shape: they take parcels, and tell where they are."""
