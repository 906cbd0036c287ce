"""A card as one would keep it on paper: what the machine is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from math import floor


class Refused(Exception):
    """The card does not allow it."""


@dataclass(eq=False)
class Lot:
    """Bonus that came in at once."""

    rest: int
    ends: datetime

    def lives(self, now: datetime) -> bool:
        return now < self.ends


@dataclass(eq=False)
class Part:
    """So much of a lot."""

    lot: Lot
    amount: int


@dataclass(eq=False)
class Paid:
    """A payment: its principal, and what of its bonus came from which lot, in that order."""

    principal: int
    parts: list[Part]
    ends: datetime
    state: str = "held"
    back: int = 0
    back_principal: int = 0

    @property
    def bonus(self) -> int:
        return sum(part.amount for part in self.parts)

    @property
    def amount(self) -> int:
        return self.principal + self.bonus


def half_up(share: Fraction) -> int:
    return floor(share + Fraction(1, 2))


@dataclass(eq=False)
class Model:
    """Principal, lots of bonus, payments; and what left the card for good."""

    principal: int = 0
    lots: list[Lot] = field(default_factory=list)
    paid: list[Paid] = field(default_factory=list)
    brought: int = 0
    paid_back: int = 0
    is_closed: bool = False

    def bonus(self, now: datetime) -> int:
        return sum(lot.rest for lot in self.lots if lot.lives(now))

    def held(self) -> int:
        return sum(each.amount for each in self.paid if each.state == "held")

    def top_up(self, principal: int, bonus: int, ends: datetime) -> None:
        if self.is_closed:
            raise Refused
        self.principal += principal
        self.brought += principal
        if bonus:
            self.lots.append(Lot(bonus, ends))

    def keep(self, amount: int, ends: datetime, now: datetime) -> Paid:
        there = self.principal + self.bonus(now)
        if self.is_closed or amount > there:
            raise Refused
        principal = half_up(Fraction(amount * self.principal, there))
        self.principal -= principal
        made = Paid(principal, self._take(amount - principal, now), ends)
        self.paid.append(made)
        return made

    def capture(self, paid: Paid, amount: int, now: datetime) -> None:
        if paid.state == "captured":
            if amount != paid.amount:
                raise Refused
            return
        if paid.state == "released":
            return
        if paid.ends <= now:
            self.release(paid)
            return
        if amount > paid.amount:
            raise Refused
        principal = half_up(Fraction(amount * paid.principal, paid.amount))
        self.principal += paid.principal - principal
        self._put_back(paid, paid.bonus - (amount - principal))
        paid.principal, paid.state = principal, "captured"

    def release(self, paid: Paid) -> None:
        if paid.state == "held":
            self.principal += paid.principal
            for part in paid.parts:
                part.lot.rest += part.amount
            paid.state = "released"

    def refund(self, paid: Paid, amount: int, now: datetime) -> None:
        whole = paid.amount
        if paid.state != "captured" or paid.back + amount > whole:
            raise Refused
        paid.back += amount
        principal = half_up(Fraction(paid.back * paid.principal, whole)) - paid.back_principal
        paid.back_principal += principal
        self.principal += principal
        given = paid.back - paid.back_principal
        self._give_back(paid, upto=given, more=amount - principal)
        if self.is_closed:
            self._empty(now)

    def close(self, now: datetime) -> None:
        if any(each.state == "held" and now < each.ends for each in self.paid):
            raise Refused
        for each in self.paid:
            self.release(each)
        self._empty(now)
        self.is_closed = True

    def _empty(self, now: datetime) -> None:
        self.paid_back += self.principal
        self.principal = 0
        for lot in self.lots:
            lot.rest = 0 if lot.lives(now) else lot.rest

    def _take(self, amount: int, now: datetime) -> list[Part]:
        parts: list[Part] = []
        for lot in sorted(self.lots, key=lambda lot: lot.ends):
            if taken := min(amount, lot.rest) if lot.lives(now) else 0:
                lot.rest -= taken
                amount -= taken
                parts.append(Part(lot, taken))
        return parts

    def _put_back(self, paid: Paid, amount: int) -> None:
        """What a capture leaves: the lots that were taken last."""
        for part in reversed(paid.parts):
            back = min(amount, part.amount)
            part.lot.rest += back
            part.amount -= back
            amount -= back

    def _give_back(self, paid: Paid, *, upto: int, more: int) -> None:
        """What goes back is the last of what was taken that has not gone back before."""
        before = upto - more
        for part in reversed(paid.parts):
            skipped = min(before, part.amount)
            before -= skipped
            back = min(more, part.amount - skipped)
            part.lot.rest += back
            more -= back
