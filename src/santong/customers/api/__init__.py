"""Persons over HTTP. What is asked about somebody goes in bodies, for addresses stand in logs."""

from __future__ import annotations

from santong.customers.api import consents, matches, merges, persons, rights
from santong.customers.api.routes import router

__all__ = ["consents", "matches", "merges", "persons", "rights", "router"]
