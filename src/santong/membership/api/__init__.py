"""Members, programmes and points over HTTP."""

from __future__ import annotations

from santong.membership.api import (
    accounts,
    authorisations,
    members,
    points,
    programmes,
    requests,
    settlements,
)
from santong.membership.api.routes import router

__all__ = [
    "accounts",
    "authorisations",
    "members",
    "points",
    "programmes",
    "requests",
    "router",
    "settlements",
]
