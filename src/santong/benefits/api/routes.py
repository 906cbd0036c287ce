"""Where the endpoints of benefits are gathered."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["benefits"])
