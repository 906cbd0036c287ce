"""Prepaid cards and gift cards over HTTP."""

from __future__ import annotations

from santong.prepaid.api import cards, programmes
from santong.prepaid.api.routes import router

__all__ = ["cards", "programmes", "router"]
