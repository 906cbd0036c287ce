"""Who comes to buyers, when, and what came of it, over HTTP."""

from __future__ import annotations

from santong.fieldservice.api import calendars, people, plans, visits, work
from santong.fieldservice.api.routes import router

__all__ = ["calendars", "people", "plans", "router", "visits", "work"]
