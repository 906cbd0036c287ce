"""Calendars, policies, clocks and escalations over HTTP."""

from __future__ import annotations

from santong.clocks.api import calendars, clocks, escalations, figures, policies, years
from santong.clocks.api.routes import router

__all__ = ["calendars", "clocks", "escalations", "figures", "policies", "router", "years"]
