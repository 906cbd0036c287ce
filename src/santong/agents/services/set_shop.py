"""Say how a storefront sells to buying agents."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.agents import contracts
from santong.agents.models import AgentShop
from santong.agents.selectors.shops import shop_of
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants

MOST_MINOR: Final = 10**9
_HTTPS: Final = "https://"


@all_or_nothing
def set_shop(
    *,
    merchant_id: int,
    storefront_code: str,
    is_open: bool,
    freight_minor: int,
    free_from_minor: int | None,
    terms_url: str,
    privacy_url: str,
    returns_url: str,
    now: datetime,
) -> contracts.AgentShop:
    """Open or close a storefront to buying agents, with what delivery costs and its legal pages.

    Raises NoSuch, FieldInvalid. Locks the storefront's setting.
    """
    storefront = merchants.storefront_by_code(merchant_id=merchant_id, code=storefront_code)
    _check(freight_minor, free_from_minor, terms_url, privacy_url, returns_url)
    values = {
        "is_open": is_open,
        "freight_minor": freight_minor,
        "free_from_minor": free_from_minor,
        "terms_url": terms_url,
        "privacy_url": privacy_url,
        "returns_url": returns_url,
    }
    row, _ = AgentShop.objects.update_or_create(
        merchant_id=merchant_id,
        storefront_id=storefront.id,
        defaults={**values, "changed_at": now},
    )
    audit.record(
        audit.Change(
            action="agents.set_shop",
            subject="shop for agents",
            subject_id=row.id,
            reason="set",
            after=values,
        ),
        now=now,
    )
    return shop_of(merchant_id=merchant_id, storefront_code=storefront_code)


def _check(freight_minor: int, free_from_minor: int | None, *urls: str) -> None:
    for name, amount in (("freight_minor", freight_minor), ("free_from_minor", free_from_minor)):
        if amount is not None and not 0 <= amount <= MOST_MINOR:
            raise FieldInvalid(pointer=f"/{name}", reason=f"0 to {MOST_MINOR}")
    for name, url in zip(("terms_url", "privacy_url", "returns_url"), urls, strict=True):
        is_left_out = name == "returns_url" and not url
        if is_left_out:
            continue
        if not url.startswith(_HTTPS) or len(url) > contracts.LONGEST_URL or not url.isprintable():
            raise FieldInvalid(pointer=f"/{name}", reason="an https address")
