"""A buyer is told what has happened to something of theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings

from santong.aftersales import public as aftersales
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.storefront.rules.notices import notice_key, polite_at
from santong.storefront.selectors.notices import was_told
from santong.storefront.selectors.tellings import telling_of
from santong.storefront.services.queue_notice import queue_notice
from santong.storefront.services.reveal_phone import reveal_phone

DAYS_OF_A_LINK: Final = 30


@all_or_nothing
def tell(*, merchant_id: int, kind: str, subject: str, mark: str = "", now: datetime) -> bool:
    """Queue a notice, once for its fact, for an hour at which nobody sleeps; whether it is new.

    These are messages about what a buyer has bought, so no consent is asked. What they say, and
    the link, is written when they leave. Whoever has no phone, or was erased, is told nothing;
    nor is anybody where nobody can reach us.
    """
    key = notice_key(kind=kind, subject=subject, mark=mark)
    if not settings.SANTONG_PUBLIC_URL or was_told(merchant_id=merchant_id, key=key):
        return False
    about: dict[str, Any] = {"merchant_id": merchant_id, "subject": subject, "now": now}
    if telling_of(**about, kind=kind, mark=mark, phone="") is None:
        return False
    phone = reveal_phone(**about)
    if not phone:
        return False
    house = merchants.merchant(merchant_id=merchant_id)
    return queue_notice(
        **about,
        key=key,
        kind=kind,
        phone=phone,
        text="",
        due_at=polite_at(now, zone=ZoneInfo(house.timezone)),
    )


@all_or_nothing
def tell_of_case(
    *, merchant_id: int, case_id: int, order_id: int, decided_at: datetime, now: datetime
) -> bool:
    """Tell the buyer of a case that it is decided, and give them the link; see `tell`.

    Locks the link.
    """
    what = {"kind": "case_decided", "subject": f"case:{case_id}", "mark": decided_at.isoformat()}
    if was_told(merchant_id=merchant_id, key=notice_key(**what)):
        return False
    aftersales.open_link(merchant_id=merchant_id, order_id=order_id, days=DAYS_OF_A_LINK, now=now)
    return tell(merchant_id=merchant_id, **what, now=now)
