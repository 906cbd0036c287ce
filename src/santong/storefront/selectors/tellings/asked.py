"""What is asked about a thing of a buyer's, and how instants and money are written to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from santong.merchants import public as merchants
from santong.storefront.contracts import Telling


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Of which house, about which thing, and when."""

    house: merchants.Merchant
    thing_id: int
    mark: str
    now: datetime

    @property
    def merchant_id(self) -> int:
        """Whose buyer it is."""
        return self.house.id


Teller = Callable[[Asked], Telling | None]


def day(at: datetime) -> str:
    """A day as buyers read it, where the shop is."""
    return date_format(timezone.localtime(at), "MONTH_DAY_FORMAT")


def clock(at: datetime) -> str:
    """A time of the day where the shop is."""
    return date_format(timezone.localtime(at), "H:i")
