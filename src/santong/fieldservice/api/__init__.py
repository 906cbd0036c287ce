"""Who comes to buyers, when, and what came of it, over HTTP."""

from __future__ import annotations

from santong.fieldservice.api import calendars, links, people, plans, visits, work
from santong.fieldservice.api.routes import router

__all__ = ["calendars", "links", "people", "plans", "router", "visits", "work"]
