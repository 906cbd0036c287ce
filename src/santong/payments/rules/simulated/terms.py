"""What an account's settings say to the simulated provider, and what it takes by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from santong.payments.contracts.providers import Refused
from santong.payments.rules.simulated.moods import PROFILES, Mood, falls, number

# How long after the last try it tells once more what was not taken: as the real ones do.
PAUSES_SECONDS: Final = (
    *(15, 15, 30, 180, 600, 1_200, 1_800, 1_800, 1_800, 3_600),
    *(10_800, 10_800, 10_800, 21_600, 21_600),
)
A_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """An account's terms. `pace_permille` makes everything that takes time take more or less."""

    profile: str = "calm"
    seed: str = ""
    pace_permille: int = 1_000
    fee_per_million: int = 6_000
    most_refunds: int = 50
    most_transfers: int = 50
    most_transferred_minor: int = 20_000_000
    calls_per_minute: int = 0
    time_zone: str = "Asia/Shanghai"
    buyer: str = "page"

    def after(self, seconds: int) -> timedelta:
        """So many seconds, at the account's pace."""
        return timedelta(milliseconds=seconds * self.pace_permille)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose account it is, on which terms, and whether anybody is told what happens there."""

    merchant_id: int
    account_code: str
    terms: Terms
    is_told: bool

    def falls(self, mood: Mood, *, about: str, named: frozenset[Mood] = frozenset()) -> bool:
        """Whether a mood falls upon something here, by name or by the profile."""
        return mood in named or falls(
            mood=mood, profile=self.terms.profile, seed=self.terms.seed, about=about
        )

    def after(self, seconds: int, *names: str, spread: int = 0) -> timedelta:
        """So many seconds at the account's pace, and up to `spread` more, drawn by names."""
        more = number(self.terms.seed, *names, below=spread) if spread else 0
        return self.terms.after(seconds + more)


NUMBERS: Final = (
    "pace_permille",
    "fee_per_million",
    "most_refunds",
    "most_transfers",
    "most_transferred_minor",
    "calls_per_minute",
)


def terms_of(settings: Mapping[str, str]) -> Terms:
    """Read an account's settings. Raises Refused where one of them makes no sense."""
    numbers = {name: _whole(name, settings[name]) for name in NUMBERS if settings.get(name)}
    found = Terms(
        profile=settings.get("profile") or "calm",
        seed=settings.get("seed", ""),
        time_zone=settings.get("time_zone") or "Asia/Shanghai",
        buyer=settings.get("buyer") or "page",
        **numbers,
    )
    if found.profile not in PROFILES:
        raise Refused("BAD_SETTING", "profile")
    if found.buyer not in {"page", "pays"}:
        raise Refused("BAD_SETTING", "buyer")
    if found.fee_per_million > A_MILLION:
        raise Refused("BAD_SETTING", "fee_per_million")
    try:
        ZoneInfo(found.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("BAD_SETTING", "time_zone") from None
    return found


def fee_on(amount_minor: int, *, per_million: int) -> int:
    """What the provider keeps of a payment: halves of a minor unit are rounded up, once."""
    return (2 * amount_minor * per_million + A_MILLION) // (2 * A_MILLION)


def pause_after(attempts: int, *, terms: Terms) -> timedelta | None:
    """How long to wait after so many tries, or None after the last."""
    if attempts > len(PAUSES_SECONDS):
        return None
    return terms.after(PAUSES_SECONDS[attempts - 1])


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):  # noqa: PLR2004  fits a bigint
        raise Refused("BAD_SETTING", name)
    return int(text)
