"""Staged sales over HTTP."""

from __future__ import annotations

from santong.stagedsales.api import plans, redemptions, sales, stages
from santong.stagedsales.api.routes import router

__all__ = ["plans", "redemptions", "router", "sales", "stages"]
