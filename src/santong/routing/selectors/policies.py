"""What a merchant's parcels cost, as this process last read it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from santong.merchants import public as merchants
from santong.routing.contracts import SplitLimit, Tariff
from santong.routing.models import RoutingPolicy
from santong.routing.rules.defaults import DEFAULT_LIMIT, DEFAULT_TARIFF

SECONDS_TRUSTED = 5.0


@dataclass(frozen=True, slots=True)
class Policy:
    """The rates, the limit of splitting, and the zone in which the merchant counts days."""

    tariff: Tariff
    limit: SplitLimit
    version: int
    zone: ZoneInfo

    def day_of(self, now: datetime) -> str:
        """The merchant's own date, ISO 8601."""
        return now.astimezone(self.zone).date().isoformat()


_kept: dict[int, tuple[float, Policy]] = {}


def policy_of(*, merchant_id: int) -> Policy:
    """The merchant's routing policy, at most five seconds old; defaults where it has none."""
    kept = _kept.get(merchant_id)
    if kept and time.monotonic() - kept[0] < SECONDS_TRUSTED:
        return kept[1]
    row = RoutingPolicy.objects.of_merchant(merchant_id).first()
    policy = Policy(
        tariff=Tariff.from_json(row.tariff) if row else DEFAULT_TARIFF,
        limit=SplitLimit.from_json(row.limit) if row else DEFAULT_LIMIT,
        version=row.version if row else 0,
        zone=ZoneInfo(merchants.merchant(merchant_id=merchant_id).timezone),
    )
    _kept[merchant_id] = (time.monotonic(), policy)
    return policy


def forget_policy(*, merchant_id: int) -> None:
    """Read the policy again next time."""
    _kept.pop(merchant_id, None)
