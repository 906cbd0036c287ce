"""By which name a call finds its merchant."""

from __future__ import annotations

from typing import Final

NAME_KIND: Final = "qimen"


def name_of(*, app_key: str, customer_id: str) -> str:
    """An application and the customer for whom it speaks."""
    return f"{app_key}:{customer_id}"
