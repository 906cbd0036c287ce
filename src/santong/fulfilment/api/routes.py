"""The router on which the modules beside this one put their endpoints."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["fulfilment"])
