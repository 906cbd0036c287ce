"""From when until when a coupon can be used, and what a return does to that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from santong.benefits.contracts import ReturnOutcome, ReturnPolicy, Validity, WalletState


@dataclass(frozen=True, slots=True)
class Span:
    """A coupon's time; the end excluded, None without an end."""

    valid_from: datetime
    valid_until: datetime | None


def span_of(validity: Validity, *, issued_at: datetime) -> Span:
    """The time of a coupon that is issued at a moment: the batch's, or so many days from then."""
    valid_from = max(validity.valid_from or issued_at, issued_at)
    if validity.days is not None:
        return Span(valid_from, valid_from + timedelta(days=validity.days))
    return Span(valid_from, validity.valid_until)


def lent_until(*, days: int, redeemed_at: datetime) -> datetime:
    """Until when a tier is lent by a card that is used at a moment."""
    return redeemed_at + timedelta(days=days)


def after_return(
    *, policy: ReturnPolicy, grace_days: int, valid_until: datetime | None, now: datetime
) -> tuple[ReturnOutcome, datetime | None]:
    """What becomes of a coupon whose lines have all come back, and until when it can be used.

    A coupon whose time is over is not restored without grace.
    """
    if policy == "forfeit":
        return "forfeited", valid_until
    if valid_until is None:
        return "restored", None
    if policy == "restore_with_grace":
        return "restored", max(valid_until, now + timedelta(days=grace_days))
    return ("restored", valid_until) if valid_until > now else ("forfeited", valid_until)


def after_hold(
    *, policy: ReturnPolicy, grace_days: int, valid_until: datetime | None, now: datetime
) -> datetime | None:
    """Until when a coupon can be used whose order did not come about."""
    if valid_until is None or policy != "restore_with_grace":
        return valid_until
    return max(valid_until, now + timedelta(days=grace_days))


def day_of(*, at: datetime, timezone: str) -> date:
    """The day that it is, where the batch counts its days."""
    return at.astimezone(ZoneInfo(timezone)).date()


def wallet_state(
    *,
    state: str,
    is_frozen: bool,
    valid_from: datetime,
    valid_until: datetime | None,
    now: datetime,
) -> WalletState:
    """How a member sees a coupon now, whether or not the sweeper has come."""
    settled: dict[str, WalletState] = {
        "redeemed": "used",
        "returned": "used",
        "expired": "expired",
        "void": "void",
        "created": "void",
    }
    if state in settled:
        return settled[state]
    if is_frozen:
        return "frozen"
    if state == "held":
        return "held"
    if valid_until is not None and valid_until <= now:
        return "expired"
    return "upcoming" if valid_from > now else "usable"
