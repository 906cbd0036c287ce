from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.agents import public as agents
from santong.kernel import tenancy

SHOP: Final = "h5"
_SITE: Final = "https://shop.example"


def open_demo_to_agents(*, merchant_id: int, now: datetime) -> None:
    """The demo's own shop sells to buying agents; delivery costs ten yuan, from 300 on nothing."""
    with tenancy.scope(merchant_id=merchant_id):
        agents.set_shop(
            merchant_id=merchant_id,
            storefront_code=SHOP,
            is_open=True,
            freight_minor=1_000,
            free_from_minor=30_000,
            terms_url=f"{_SITE}/terms",
            privacy_url=f"{_SITE}/privacy",
            returns_url=f"{_SITE}/returns",
            now=now,
        )
