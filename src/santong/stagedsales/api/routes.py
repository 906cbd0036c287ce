"""Where the endpoints of stagedsales are hung up, and what all of them share."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["staged sales"])
