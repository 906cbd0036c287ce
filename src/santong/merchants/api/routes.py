"""The one router of merchants; every module of this package adds its endpoints to it."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["merchants"])
