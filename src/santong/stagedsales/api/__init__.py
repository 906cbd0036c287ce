"""Staged sales over HTTP."""

from __future__ import annotations

from santong.stagedsales.api.routes import router

__all__ = ["router"]
