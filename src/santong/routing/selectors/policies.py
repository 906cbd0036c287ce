"""What a merchant's parcels cost: as it stands, and as this process last read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from santong.kernel.remembered import Remembered
from santong.merchants import public as merchants
from santong.routing import contracts
from santong.routing.models import RoutingPolicy
from santong.routing.rules.defaults import DEFAULT_LIMIT, DEFAULT_TARIFF

SECONDS_TRUSTED = 5.0


@dataclass(frozen=True, slots=True)
class Policy:
    """The rates, the limit of splitting, and the zone in which the merchant counts days."""

    tariff: contracts.Tariff
    limit: contracts.SplitLimit
    zone: ZoneInfo

    def day_of(self, now: datetime) -> str:
        """The merchant's own date, ISO 8601."""
        return now.astimezone(self.zone).date().isoformat()


_kept: Remembered[int, Policy] = Remembered(seconds=SECONDS_TRUSTED)


def current_policy(*, merchant_id: int) -> contracts.RoutingPolicy:
    """The merchant's routing policy as it stands; the defaults where it has none."""
    row: RoutingPolicy | None = RoutingPolicy.objects.of_merchant(merchant_id).first()
    if row is not None:
        return row.as_contract()
    return contracts.RoutingPolicy(
        tariff=DEFAULT_TARIFF, limit=DEFAULT_LIMIT, version=0, changed_at=None
    )


def policy_of(*, merchant_id: int) -> Policy:
    """The merchant's routing policy, at most five seconds old; defaults where it has none."""
    return _kept.get(merchant_id, lambda: _read(merchant_id))


def forget_policy() -> None:
    """Read policies again next time; called in the transaction that changes one."""
    _kept.forget()


def _read(merchant_id: int) -> Policy:
    policy = current_policy(merchant_id=merchant_id)
    return Policy(
        tariff=policy.tariff,
        limit=policy.limit,
        zone=ZoneInfo(merchants.merchant(merchant_id=merchant_id).timezone),
    )
