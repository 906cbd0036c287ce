"""Presales over HTTP."""

from __future__ import annotations

from santong.presales.api import offers, presales
from santong.presales.api.routes import router

__all__ = ["offers", "presales", "router"]
