"""Bring what is booked of a sale to what it should be: shares, entries, ledger. It is locked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from santong.kernel.bulk import overwrite
from santong.payments import public as payments
from santong.settlement import contracts
from santong.settlement.models import Entry, Part, Reversal, Sale, SaleLine, Share
from santong.settlement.models.sales import by_line_of
from santong.settlement.rules.left import Line, LinePart, left_of
from santong.settlement.selectors.ledger import (
    SOURCE,
    account_of_document,
    account_of_party,
    key_of_booking,
)
from santong.settlement.services.put_on_bearers import put_on_bearers


def book(
    *, merchant_id: int, sale: Sale, kind: contracts.EntryKind, reason: str, now: datetime
) -> int:
    """Work out what is left of every share, and write what differs; say how much was added.

    What is left depends on the parts and the reversals of the sale as they stand now, and on
    nothing that was booked before. What a share loses it loses where it is: of what is not due, or
    of what is due, even if that was paid out.

    Locks shares, then accounts.
    """
    shares = list(Share.objects.of_merchant(merchant_id).filter(sale=sale).lock())
    ground = _ground(merchant_id, sale, shares)
    target = _left(ground, *_returned(merchant_id, sale))
    part_ids = {share.part_id for share in shares if share.left_minor != target[share.id]}
    parts = Part.objects.of_merchant(merchant_id).filter(id__in=part_ids)
    line_of = dict(parts.values_list("id", "line_id")) if part_ids else {}
    added = _write(sale, shares, target, line_of, _Why(kind, reason, now))
    put_on_bearers(
        sale,
        shares,
        paid_minor=sum(part.paid_minor for _line, parts in ground.lines for part in parts),
        unborne=lambda back: _left(ground, *back),
        now=now,
    )
    return added


def book_first(
    *, sale: Sale, parts: Sequence[Part], shares: Sequence[Share], now: datetime
) -> None:
    """Book all the shares of a sale that was written a moment ago: nothing of it went back yet.

    Locks accounts.
    """
    target = {share.id: share.amount_minor for share in shares}
    line_of = {part.id: part.line_id for part in parts}
    _write(sale, shares, target, line_of, _Why("shared", "", now))


class _Why(NamedTuple):
    kind: contracts.EntryKind
    reason: str
    now: datetime


def _write(
    sale: Sale,
    shares: Sequence[Share],
    target: Mapping[int, int],
    line_of: Mapping[int, int],
    why: _Why,
) -> int:
    moved = [share for share in shares if share.left_minor != target[share.id]]
    delta = {share.id: target[share.id] - share.left_minor for share in moved}
    for share in moved:
        share.left_minor = target[share.id]
    overwrite(moved, fields=["left_minor"])
    Entry.objects.bulk_create(
        [
            Entry(
                merchant_id=sale.merchant_id,
                party_id=share.party_id,
                kind=why.kind,
                currency=sale.currency,
                amount_minor=amount,
                at=why.now,
                sale_id=sale.id,
                share_id=share.id,
                reason=why.reason[: contracts.LONGEST_REASON],
            )
            for share, amount in _changes(moved, delta, line_of)
        ]
    )
    total = sum(delta.values())
    if moved:
        _post(sale, why.kind, moved, delta, why.now)
        sale.booked += 1
        sale.left_minor += total
    sale.save(update_fields=["booked", "left_minor", "received_at", "accepted_at"])
    return total


def _changes(
    moved: Sequence[Share], delta: Mapping[int, int], line_of: Mapping[int, int]
) -> list[tuple[Share, int]]:
    """What changed for a party in a line by a rule; the last of the shares stands for it.

    A share that only took another's place changed nothing.
    """
    last: dict[tuple[int, int, str, str], Share] = {}
    net: dict[tuple[int, int, str, str], int] = defaultdict(int)
    for share in moved:
        of = (line_of[share.part_id], share.party_id, share.role, share.rule)
        last[of] = share
        net[of] += delta[share.id]
    return [(last[of], amount) for of, amount in net.items() if amount]


class _Ground(NamedTuple):
    """The open parts of a sale by line, and all of its shares."""

    shares: Sequence[Share]
    of_part: Mapping[int, Sequence[Share]]
    lines: Sequence[tuple[SaleLine, Sequence[Part]]]


def _ground(merchant_id: int, sale: Sale, shares: Sequence[Share]) -> _Ground:
    of_part: dict[int, list[Share]] = defaultdict(list)
    for share in sorted(shares, key=lambda each: each.place):
        of_part[share.part_id].append(share)
    parts: dict[int, list[Part]] = defaultdict(list)
    open_parts = Part.objects.of_merchant(merchant_id).filter(sale=sale, state="open")
    for part in open_parts.order_by("id"):
        parts[part.line_id].append(part)
    lines = SaleLine.objects.of_merchant(merchant_id).filter(sale=sale, id__in=list(parts))
    return _Ground(shares, of_part, [(line, parts[line.id]) for line in lines.order_by("number")])


def _left(ground: _Ground, of_line: Mapping[int, int], of_none: int) -> dict[int, int]:
    """What should be left of each share; nothing of what was cancelled or superseded."""
    left = left_of(
        [
            Line(
                parts=tuple(
                    LinePart(
                        part.paid_minor,
                        tuple(share.amount_minor for share in ground.of_part[part.id]),
                    )
                    for part in parts
                ),
                returned_minor=of_line.get(line.number, 0),
            )
            for line, parts in ground.lines
        ],
        returned_minor=of_none,
    )
    target = {share.id: 0 for share in ground.shares}
    for (_line, parts), in_line in zip(ground.lines, left, strict=True):
        for part, in_part in zip(parts, in_line, strict=True):
            for share, amount in zip(ground.of_part[part.id], in_part, strict=True):
                target[share.id] = amount
    return target


def _returned(merchant_id: int, sale: Sale) -> tuple[dict[int, int], int]:
    """What went back, by line number, and of no line in special."""
    rows = Reversal.objects.of_merchant(merchant_id).filter(sale=sale, restored_at=None)
    return by_line_of(rows)


def _post(
    sale: Sale,
    kind: str,
    moved: Sequence[Share],
    delta: Mapping[int, int],
    now: datetime,
) -> None:
    by_account: dict[tuple[int, Literal["pending", "payable"]], int] = defaultdict(int)
    for share in moved:
        by_account[share.party_id, "payable" if share.is_due else "pending"] += delta[share.id]
    entries = [
        payments.NewEntry(
            account_of_party(party_id=party_id, kind=account, currency=sale.currency), amount
        )
        for (party_id, account), amount in sorted(by_account.items())
        if amount
    ]
    total = sum(delta.values())
    if total:
        entries.append(
            payments.NewEntry(
                account_of_document(document=sale.document, currency=sale.currency), -total
            )
        )
    if entries:
        payments.post(
            merchant_id=sale.merchant_id,
            source=SOURCE,
            txn=payments.NewTxn(
                key=key_of_booking(document=sale.document, number=sale.booked),
                kind=f"share_{kind}",
                entries=tuple(entries),
                occurred_at=now,
                reference=sale.document,
            ),
            now=now,
        )
