"""What a batch of coupons is, in a page of Python: slow, alone, and easy to believe."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

DAYS_VALID = timedelta(days=3)
GRACE = timedelta(days=2)


class Refused(Exception):
    """It may not be done now."""


@dataclass
class Held:
    member: int
    until: datetime
    state: str = "issued"
    is_frozen: bool = False
    holder: str = ""
    held_until: datetime | None = None
    amount: int = 0
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def spends(self) -> int:
        return self.amount if self.state in ("held", "redeemed") else 0


@dataclass
class Coupons:
    """A batch with all its limits; coupons by their number."""

    total: int
    per_member: int
    per_day: int
    budget: int
    is_open: bool = True
    coupons: dict[int, Held] = field(default_factory=dict)
    given_on: dict[str, int] = field(default_factory=dict)

    @property
    def spent(self) -> int:
        return sum(coupon.spends for coupon in self.coupons.values())

    def may_claim(self, member: int, day: str) -> bool:
        mine = sum(coupon.member == member for coupon in self.coupons.values())
        return (
            self.is_open
            and self.spent < self.budget
            and len(self.coupons) < self.total
            and mine < self.per_member
            and self.given_on.get(day, 0) < self.per_day
        )

    def claimed(self, number: int, member: int, day: str, now: datetime) -> None:
        self.coupons[number] = Held(member, now + DAYS_VALID)
        self.given_on[day] = self.given_on.get(day, 0) + 1

    def hold(self, number: int, holder: str, amount: int, until: datetime, now: datetime) -> None:
        coupon = self.coupons[number]
        self._usable(coupon, ("issued",), "", amount, now)
        coupon.state, coupon.holder, coupon.amount = "held", holder, amount
        coupon.held_until = until

    def redeem(
        self, number: int, holder: str, amount: int, lines: dict[str, int], now: datetime
    ) -> None:
        coupon = self.coupons[number]
        self._usable(coupon, ("issued", "held"), holder, amount, now)
        coupon.state, coupon.holder, coupon.amount = "redeemed", holder, amount
        coupon.held_until, coupon.lines = None, dict(lines)

    def give_back(self, number: int, holder: str, now: datetime) -> None:
        coupon = self.coupons[number]
        if coupon.state != "held" or coupon.holder != holder:
            raise Refused
        self._free(coupon, now)

    def take_back(self, number: int, lines: dict[str, int] | None, now: datetime) -> None:
        coupon = self.coupons[number]
        if coupon.state != "redeemed":
            raise Refused
        asked = dict(coupon.lines) if lines is None else lines
        if any(coupon.lines.get(line, 0) < quantity for line, quantity in asked.items()):
            raise Refused
        for line, quantity in asked.items():
            coupon.lines[line] -= quantity
            if not coupon.lines[line]:
                del coupon.lines[line]
        if not coupon.lines:
            self._free(coupon, now)

    def void(self, number: int) -> None:
        coupon = self.coupons[number]
        if coupon.state not in ("issued", "held", "redeemed"):
            raise Refused
        coupon.state, coupon.held_until = "void", None

    def freeze(self, number: int, *, is_frozen: bool) -> None:
        coupon = self.coupons[number]
        if coupon.state not in ("issued", "held") or coupon.is_frozen == is_frozen:
            raise Refused
        coupon.is_frozen = is_frozen

    def expire(self, now: datetime) -> int:
        ended = 0
        for coupon in self.coupons.values():
            if coupon.held_until is not None and coupon.held_until <= now:
                self._free(coupon, now)
                ended += 1
        for coupon in self.coupons.values():
            if coupon.state == "issued" and coupon.until <= now:
                coupon.state = "expired"
                ended += 1
        return ended

    def _usable(
        self, coupon: Held, states: tuple[str, ...], holder: str, amount: int, now: datetime
    ) -> None:
        if coupon.state not in states or coupon.is_frozen or coupon.until <= now:
            raise Refused
        if coupon.state == "held" and coupon.holder != holder:
            raise Refused
        more = amount - coupon.spends
        if more > 0 and self.spent + more > self.budget:
            raise Refused

    def _free(self, coupon: Held, now: datetime) -> None:
        coupon.state, coupon.holder, coupon.held_until = "issued", "", None
        coupon.amount = 0
        coupon.until = max(coupon.until, now + GRACE)
