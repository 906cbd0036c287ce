"""Titles that members let us remember."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from santong.invoicing import contracts, models


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTitle:
    """A remembered title, in clear text."""

    slot: int
    title: contracts.Title
    used_at: datetime


def titles_of(*, merchant_id: int, member_id: int) -> list[KeptTitle]:
    """What a member lets us remember, the last used first."""
    return titles_of_all(merchant_id=merchant_id, member_ids=[member_id])


def titles_of_all(*, merchant_id: int, member_ids: Iterable[int]) -> list[KeptTitle]:
    """The same of several members who are one person."""
    rows = models.KeptTitle.objects.of_merchant(merchant_id).filter(member_id__in=set(member_ids))
    return [
        KeptTitle(slot=row.slot, title=row.title(), used_at=row.used_at)
        for row in rows.order_by("-used_at", "slot")
    ]
