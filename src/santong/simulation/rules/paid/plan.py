"""What was paid for published orders, as money that is asked for and comes in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from santong.simulation.rules.olist.tables import Order, OrderLine, Payment

CURRENCY: Final = "BRL"
TIMEZONE: Final = "America/Sao_Paulo"
# Where the money of each of the file's ways came in.
METHODS: Final[tuple[str, ...]] = ("credit_card", "boleto", "voucher", "debit_card")
# Cancelled and never delivered: the files do not say whether their money went back.
NOT_DELIVERED: Final = frozenset({"canceled", "unavailable"})
DOCUMENT: Final = "olist"

OfOrder = TypeVar("OfOrder", OrderLine, Payment)


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """An order with what its lines come to, and what was paid for it.

    `owed_minor` is None where the files have no lines. Payments of nothing move nothing and are in
    `empty`.
    """

    order_id: str
    status: str
    asked_at: datetime
    paid_at: datetime
    pieces: int
    owed_minor: int | None
    payments: tuple[Payment, ...]
    empty: int

    @property
    def document(self) -> str:
        """What payments know it by."""
        return f"{DOCUMENT}:{self.order_id}"

    @property
    def paid_minor(self) -> int:
        """What was paid, in all ways."""
        return sum(payment.amount_minor for payment in self.payments)

    @property
    def is_paid(self) -> bool:
        """Whether the files have a payment of it, be it of nothing."""
        return bool(self.payments) or self.empty > 0


@dataclass(frozen=True, slots=True)
class Sums:
    """What the files' rows of payments come to."""

    count_by_method: Mapping[str, int]
    minor_by_method: Mapping[str, int]
    count_by_instalments: Mapping[int, int]

    @property
    def minor(self) -> int:
        """All that was paid."""
        return sum(self.minor_by_method.values())


def paid_orders(
    *,
    orders: Iterable[Order],
    lines: Iterable[OrderLine],
    payments: Iterable[Payment],
    orders_max: int | None = None,
) -> tuple[PaidOrder, ...]:
    """Orders in the order of their time, each with its payments; the last so many of them."""
    lines_by_order = _by_order(lines)
    payments_by_order = _by_order(payments)
    made = [
        _paid_order(
            order,
            lines_by_order.get(order.order_id, []),
            payments_by_order.get(order.order_id, []),
        )
        for order in orders
    ]
    in_time = sorted(made, key=lambda each: (each.asked_at, each.order_id))
    return tuple(in_time[-orders_max:] if orders_max else in_time)


def sums_of(orders: Sequence[PaidOrder]) -> Sums:
    """What all rows that moved something come to."""
    counts: dict[str, int] = dict.fromkeys(METHODS, 0)
    minors: dict[str, int] = dict.fromkeys(METHODS, 0)
    instalments: dict[int, int] = {}
    for payment in rows_of(orders):
        counts[payment.method] = counts.get(payment.method, 0) + 1
        minors[payment.method] = minors.get(payment.method, 0) + payment.amount_minor
        instalments[payment.instalments] = instalments.get(payment.instalments, 0) + 1
    return Sums(counts, minors, dict(sorted(instalments.items())))


def rows_of(orders: Iterable[PaidOrder]) -> Iterator[Payment]:
    """Payments of orders, in their order."""
    for order in orders:
        yield from order.payments


def in_parts(payments: Sequence[Payment], *, most: int) -> list[tuple[Payment, ...]]:
    """An intent has so many parts at most; what is more is asked for by the next one."""
    return [tuple(payments[first : first + most]) for first in range(0, len(payments), most)]


def their_reference(payment: Payment) -> str:
    """The number of a payment where it came in: the order and its place there."""
    return f"{payment.order_id}-{payment.number}"


def _paid_order(order: Order, lines: Sequence[OrderLine], payments: Sequence[Payment]) -> PaidOrder:
    moved = sorted((each for each in payments if each.amount_minor), key=lambda each: each.number)
    return PaidOrder(
        order_id=order.order_id,
        status=order.status,
        asked_at=order.purchased_at,
        # What was never approved came in when it was bought, as far as anybody knows.
        paid_at=max(order.approved_at or order.purchased_at, order.purchased_at),
        pieces=len(lines),
        owed_minor=sum(line.price_minor + line.freight_minor for line in lines) if lines else None,
        payments=tuple(moved),
        empty=len(payments) - len(moved),
    )


def _by_order(rows: Iterable[OfOrder]) -> dict[str, list[OfOrder]]:
    found: dict[str, list[OfOrder]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(row)
    return found
