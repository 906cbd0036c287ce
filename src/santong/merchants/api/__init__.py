"""Merchants over HTTP: who is asking, the merchant's parts, its staff and the keys of programs."""

from __future__ import annotations

from santong.merchants.api import me, parts, staff, tokens
from santong.merchants.api.routes import router

__all__ = ["me", "parts", "router", "staff", "tokens"]
