"""The one router of customers; every module of this package adds its endpoints to it."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["customers"])
