"""Persons over HTTP. What is asked about somebody goes in bodies, for addresses stand in logs."""

from __future__ import annotations

from santong.customers.api import consents, merges, persons, rights
from santong.customers.api.routes import router

__all__ = ["consents", "merges", "persons", "rights", "router"]
