"""What red packets owe their members, in the ledger: issued, used, ended.

Asset, accounts and keys follow from the coupon, so that each movement is posted once. Its lots have
no end of their own: the coupon's time says when it is over, and what its sweeper ends is posted
with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from santong.payments import public as payments

SOURCE = "benefits"
Way = Literal["expired", "refunded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One red packet: whose it is, and what is in it."""

    coupon_id: int
    batch_id: int
    member_id: int
    value_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Ending:
    """A packet that is over, after so many uses."""

    packet: Packet
    attempt: int
    way: Way


def asset_of(currency: str) -> str:
    """The asset in which red packets of a currency are counted."""
    return f"coupon_money:{currency}"


def open_books(*, merchant_id: int, currency: str, now: datetime) -> None:
    """Let red packets of a currency be counted."""
    payments.open_asset(
        merchant_id=merchant_id,
        code=asset_of(currency),
        kind="coupon_money",
        currency=currency,
        now=now,
    )


def owe(packets: Sequence[Packet], *, merchant_id: int, now: datetime) -> list[payments.Txn]:
    """Owe members what their packets hold, once for each. Locks accounts."""
    if not packets:
        return []
    return payments.post_many(
        merchant_id=merchant_id,
        source=SOURCE,
        txns=[
            payments.NewTxn(
                key=f"coupon:{each.coupon_id}:issued",
                kind="coupon_issued",
                reference=_reference(each),
                occurred_at=now,
                entries=(
                    payments.NewEntry(_of_batch(each, "received"), -each.value_minor),
                    payments.NewEntry(_of_member(each), each.value_minor),
                ),
            )
            for each in packets
        ],
        now=now,
    )


def use(
    packet: Packet, *, merchant_id: int, attempt: int, amount_minor: int, now: datetime
) -> None:
    """Pay with a packet; what was not needed of it is the merchant's.

    A till may have taken it before its time was over, and tell later: what ended is owed again
    first. Locks accounts.
    """
    _undo(_end_key(packet, attempt - 1, "expired"), merchant_id, "used in time", now)
    (issued,) = owe([packet], merchant_id=merchant_id, now=now)
    rest = packet.value_minor - amount_minor
    entries = (
        payments.NewEntry(_of_member(packet), -packet.value_minor, lots_of=issued.id),
        payments.NewEntry(_of_batch(packet, "redeemed"), amount_minor),
        payments.NewEntry(_of_batch(packet, "income"), rest),
    )
    payments.post(
        merchant_id=merchant_id,
        source=SOURCE,
        txn=payments.NewTxn(
            key=_use_key(packet, attempt),
            kind="coupon_redeemed",
            reference=_reference(packet),
            occurred_at=now,
            entries=tuple(entry for entry in entries if entry.amount),
        ),
        now=now,
    )


def undo(packet: Packet, *, merchant_id: int, attempt: int, now: datetime) -> None:
    """Owe again, to the last minor unit, what a use had paid. Locks accounts."""
    _undo(_use_key(packet, attempt), merchant_id, "what it paid for came back", now)


def end(endings: Sequence[Ending], *, merchant_id: int, now: datetime) -> None:
    """Owe nothing any more: the time was over, or the packet was taken back. Locks accounts."""
    issued = owe([each.packet for each in endings], merchant_id=merchant_id, now=now)
    payments.post_many(
        merchant_id=merchant_id,
        source=SOURCE,
        txns=[
            payments.NewTxn(
                key=_end_key(each.packet, each.attempt, each.way),
                kind=f"coupon_{each.way}",
                reference=_reference(each.packet),
                occurred_at=now,
                entries=(
                    payments.NewEntry(
                        _of_member(each.packet), -each.packet.value_minor, lots_of=owed.id
                    ),
                    payments.NewEntry(_of_batch(each.packet, each.way), each.packet.value_minor),
                ),
            )
            for each, owed in zip(endings, issued, strict=True)
        ],
        now=now,
    )


def _undo(key: str, merchant_id: int, reason: str, now: datetime) -> None:
    done = payments.txn_by_key(merchant_id=merchant_id, source=SOURCE, key=key)
    if done is not None:
        payments.reverse(
            merchant_id=merchant_id,
            source=SOURCE,
            key=f"{key}:back",
            txn_id=done.id,
            reason=reason,
            now=now,
        )


def _use_key(packet: Packet, attempt: int) -> str:
    return f"coupon:{packet.coupon_id}:{attempt}:redeemed"


def _end_key(packet: Packet, attempt: int, way: Way) -> str:
    return f"coupon:{packet.coupon_id}:{attempt}:{way}"


def _reference(packet: Packet) -> str:
    return f"coupon:{packet.coupon_id}"


def _of_member(packet: Packet) -> payments.AccountKey:
    return payments.AccountKey(asset_of(packet.currency), "available", f"member:{packet.member_id}")


def _of_batch(packet: Packet, kind: str) -> payments.AccountKey:
    return payments.AccountKey(asset_of(packet.currency), kind, f"batch:{packet.batch_id}")
