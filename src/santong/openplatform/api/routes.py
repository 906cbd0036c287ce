"""Where the endpoints of openplatform are hung up."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["apps"])
