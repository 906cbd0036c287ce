"""What a provider keeps of a payment by its contract."""

from __future__ import annotations

MILLION = 1_000_000
# A provider rounds each fee in its own way: one minor unit is no dispute.
TOLERANCE_MINOR = 1


def agreed_fee(*, amount_minor: int, per_million: int) -> int:
    """The fee of an amount, rounded half away from nothing."""
    parts = abs(amount_minor) * per_million
    fee, rest = divmod(parts, MILLION)
    fee += 1 if rest * 2 >= MILLION else 0
    return -fee if amount_minor < 0 else fee
