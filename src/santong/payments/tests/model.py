"""What the ledger is, in a page of Python: slow, alone, and easy to believe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from santong.payments.contracts import HoldState

Parts = list[tuple["Lot", int]]


class Refused(Exception):
    """The ledger must refuse it, too, and nothing may have happened."""


@dataclass
class Lot:
    number: int
    owner: str
    amount: int
    rest: int
    expires_at: datetime | None
    held: int = 0

    def order(self) -> tuple[bool, float, int]:
        ends = self.expires_at.timestamp() if self.expires_at else 0
        return self.expires_at is None, ends, self.number

    def has_ended(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


@dataclass
class Txn:
    uses: Parts = field(default_factory=list)
    opened: list[Lot] = field(default_factory=list)
    pending: dict[str, int] = field(default_factory=dict)
    sinks: dict[str, int] = field(default_factory=dict)
    is_spend: bool = False
    is_correction: bool = False
    is_reversed: bool = False
    given: int = 0


@dataclass
class Hold:
    owner: str
    parts: Parts
    expires_at: datetime
    state: HoldState = "held"


@dataclass
class Ledger:
    lots: list[Lot] = field(default_factory=list)
    pending: dict[str, int] = field(default_factory=dict)
    sinks: dict[str, int] = field(default_factory=dict)

    def open_lots(self, owner: str) -> list[Lot]:
        return sorted((lot for lot in self.lots if lot.owner == owner and lot.rest), key=Lot.order)

    def _take(
        self, owner: str, amount: int, now: datetime, first: Callable[[Lot], bool] = lambda _: False
    ) -> Parts:
        lots = [lot for lot in self.open_lots(owner) if not lot.has_ended(now)]
        parts: Parts = []
        for lot in sorted(lots, key=lambda lot: not first(lot)):
            parts.append((lot, min(lot.rest - lot.held, amount - sum(n for _, n in parts))))
        if sum(n for _, n in parts) < amount:
            raise Refused
        return [(lot, n) for lot, n in parts if n]

    def _apply(self, txn: Txn) -> Txn:
        for lot, n in txn.uses:
            lot.rest -= n
        for name, numbers in (("pending", txn.pending), ("sinks", txn.sinks)):
            for key, n in numbers.items():
                getattr(self, name)[key] = getattr(self, name).get(key, 0) + n
        return txn

    def _open(self, owner: str, amount: int, expires_at: datetime | None) -> Lot:
        self.lots.append(Lot(len(self.lots), owner, amount, amount, expires_at))
        return self.lots[-1]

    def earn(self, owner: str, amount: int, expires_at: datetime | None) -> Txn:
        lot = self._open(owner, amount, expires_at)
        return self._apply(Txn(opened=[lot], sinks={"issued": -amount}))

    def promise(self, owner: str, amount: int) -> Txn:
        return self._apply(Txn(pending={owner: amount}, sinks={"issued": -amount}))

    def mature(self, owner: str, amount: int, expires_at: datetime | None) -> Txn:
        if self.pending.get(owner, 0) < amount:
            raise Refused
        return self._apply(
            Txn(opened=[self._open(owner, amount, expires_at)], pending={owner: -amount})
        )

    def spend(self, owner: str, amount: int, now: datetime, of: Txn | None = None) -> Txn:
        uses = self._take(owner, amount, now, lambda lot: of is not None and lot in of.opened)
        return self._apply(Txn(uses=uses, sinks={"redeemed": amount}, is_spend=True))

    def transfer(self, giver: str, taker: str, amount: int, now: datetime) -> Txn:
        uses = self._take(giver, amount, now)
        return self._apply(Txn(uses=uses, opened=[self._open(taker, amount, None)]))

    def hold(self, owner: str, amount: int, now: datetime, expires_at: datetime) -> Hold:
        parts = self._take(owner, amount, now)
        for lot, n in parts:
            lot.held += n
        return Hold(owner, parts, expires_at)

    def _end(self, hold: Hold, state: HoldState, left: Parts, now: datetime) -> None:
        hold.state = state
        for lot, n in hold.parts:
            lot.held -= n
        ended = [(lot, n) for lot, n in left if lot.has_ended(now)]
        if ended:
            self._apply(Txn(uses=ended, sinks={"expired": sum(n for _, n in ended)}))

    def release(self, hold: Hold, now: datetime) -> None:
        if hold.state == "captured":
            raise Refused
        if hold.state == "held":
            self._end(hold, "released", hold.parts, now)

    def capture(self, hold: Hold, amount: int, now: datetime) -> Txn:
        if hold.state != "held" or hold.expires_at <= now or amount > sum(n for _, n in hold.parts):
            raise Refused
        uses, rest, left = [], [], amount
        for lot, n in hold.parts:
            uses.append((lot, min(n, left)))
            rest.append((lot, n - uses[-1][1]))
            left -= uses[-1][1]
        self._end(hold, "captured", [(lot, n) for lot, n in rest if n], now)
        used = [(lot, n) for lot, n in uses if n]
        return self._apply(Txn(uses=used, sinks={"redeemed": amount}, is_spend=True))

    def expire_holds(self, holds: list[Hold], now: datetime) -> int:
        due = [hold for hold in holds if hold.state == "held" and hold.expires_at <= now]
        for hold in due:
            self._end(hold, "expired", hold.parts, now)
        return len(due)

    def expire_lots(self, now: datetime) -> int:
        due = [lot for lot in self.lots if lot.has_ended(now) and lot.rest > lot.held]
        for lot in due:
            n = lot.rest - lot.held
            self._apply(Txn(uses=[(lot, n)], sinks={"expired": n}))
        return len(due)

    def reverse(self, txn: Txn) -> Txn:
        short = any(lot.rest - lot.held < lot.amount for lot in txn.opened) or any(
            self.pending[owner] < n for owner, n in txn.pending.items()
        )
        if txn.is_correction or txn.is_reversed or txn.given or short:
            raise Refused
        txn.is_reversed = True
        uses = [(lot, -n) for lot, n in txn.uses] + [(lot, lot.amount) for lot in txn.opened]
        return self._apply(
            Txn(
                uses=uses,
                pending={owner: -n for owner, n in txn.pending.items()},
                sinks={name: -n for name, n in txn.sinks.items()},
                is_correction=True,
            )
        )

    def give_back(self, txn: Txn, amount: int) -> Txn:
        spent = sum(n for _, n in txn.uses)
        if not txn.is_spend or txn.is_reversed or amount > spent - txn.given:
            raise Refused
        parts: Parts = []
        skip, left = txn.given, amount
        for lot, n in sorted(txn.uses, key=lambda part: part[0].order(), reverse=True):
            before = min(skip, n)
            parts.append((lot, -min(n - before, left)))
            skip, left = skip - before, left + parts[-1][1]
        txn.given += amount
        back = [(lot, n) for lot, n in parts if n]
        return self._apply(Txn(uses=back, sinks={"redeemed": -amount}, is_correction=True))
