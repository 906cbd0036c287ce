"""Merchants over HTTP: who is asking, the merchant's parts, its staff and the keys of programs."""

from __future__ import annotations

from ninja import Router

from santong.merchants.api import me, parts, staff, tokens

router = Router(tags=["merchants"])
for part in (me, parts, staff, tokens):
    router.add_router("", part.router)

__all__ = ["router"]
