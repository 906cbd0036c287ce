"""What stock is, in a page of Python: slow, alone, and easy to believe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from santong.inventory.contracts import ReserveLine, State
from santong.inventory.rules.levels import atp, shortfall
from santong.inventory.rules.lines import Place, asked_by_place

LIVE = ("held", "allocated")
STANDING = ("held", "allocated", "consumed")

Key = tuple[str, int, int]  # holder, line, location


class Short(Exception):
    """There is not enough."""


class NotHere(Exception):
    """The place has not promised so much."""


class Held(Exception):
    """The line is held until a moment: whoever ends that goes first."""


class Below(Exception):
    """Less than nothing would be left."""


@dataclass
class Promise:
    sku_id: int
    quantity: int
    state: State
    expires_at: datetime | None
    consumed: int = 0

    @property
    def live(self) -> int:
        return self.quantity - self.consumed if self.state in LIVE else 0

    def end(self, state: State) -> None:
        if self.consumed:
            self.quantity, state = self.consumed, "consumed"
        self.state, self.expires_at = state, None


@dataclass
class Stock:
    on_hand: dict[Place, int]
    safety: dict[Place, int]
    promises: dict[Key, Promise] = field(default_factory=dict)

    def promised(self, place: Place, state: State) -> int:
        return sum(
            promise.live
            for (_, _, location_id), promise in self.promises.items()
            if (location_id, promise.sku_id) == place and promise.state == state
        )

    def counters(self, place: Place) -> dict[str, int]:
        on_hand = self.on_hand[place]
        allocated, reserved = self.promised(place, "allocated"), self.promised(place, "held")
        return {
            "on_hand": on_hand,
            "allocated": allocated,
            "reserved": reserved,
            "shortfall": shortfall(on_hand=on_hand, allocated=allocated, reserved=reserved),
            "atp": atp(
                on_hand=on_hand,
                allocated=allocated,
                reserved=reserved,
                safety_stock=self.safety[place],
            ),
        }

    def reserve(
        self, holder: str, lines: Sequence[ReserveLine], expires_at: datetime | None
    ) -> None:
        missing = [line for line in lines if not self._stands(holder, line.line_id)]
        self._need(asked_by_place(missing))
        for line in missing:
            for promise in self._of(holder, line.line_id):
                if promise.state == "expired":
                    promise.state = "released"
        for line in missing:
            self._add(holder, line, "held" if expires_at else "allocated", expires_at)

    def reserve_more(self, holder: str, lines: Sequence[ReserveLine]) -> None:
        before = [promise for line in lines for promise in self._of(holder, line.line_id)]
        if any(promise.state == "held" for promise in before):
            raise Held
        self._need(asked_by_place(lines))
        for promise in before:
            if promise.state == "expired":
                promise.state = "released"
        for line in lines:
            self._add(holder, line, "allocated", None)

    def allocate(self, holder: str) -> None:
        gone: dict[Place, int] = {}
        mine = [(key, p) for key, p in self.promises.items() if key[0] == holder]
        for (_, _, location_id), promise in mine:
            if promise.state == "expired":
                place = (location_id, promise.sku_id)
                gone[place] = gone.get(place, 0) + promise.quantity - promise.consumed
        self._need(gone)
        for _, promise in mine:
            if promise.state in ("held", "expired"):
                promise.state, promise.expires_at = "allocated", None

    def release(self, holder: str, line_ids: Sequence[int] | None) -> int:
        units = 0
        for (name, line_id, _), promise in self.promises.items():
            if name == holder and (line_ids is None or line_id in line_ids):
                units += promise.live
                if promise.state in (*LIVE, "expired"):
                    promise.end("released")
        return units

    def expire(self, now: datetime) -> int:
        due = [
            promise
            for promise in self.promises.values()
            if promise.expires_at is not None and promise.expires_at <= now
        ]
        for promise in due:
            promise.end("expired")
        return len(due)

    def move(self, holder: str, from_location_id: int, lines: Sequence[ReserveLine]) -> None:
        moving: dict[int, int] = {}
        for line in lines:
            moving[line.line_id] = moving.get(line.line_id, 0) + line.quantity
        here = {
            line_id: self.promises.get((holder, line_id, from_location_id)) for line_id in moving
        }
        if any(p is None or p.live < moving[line_id] for line_id, p in here.items()):
            if all(self._there(holder, line) >= line.quantity for line in lines):
                return
            raise NotHere
        self._need(asked_by_place(lines))
        for line in lines:
            source = here[line.line_id]
            assert source is not None
            self._add(holder, line, source.state, source.expires_at)
        for line_id, source in here.items():
            assert source is not None
            if moving[line_id] < source.live:
                source.quantity -= moving[line_id]
            else:
                source.end("released")

    def consume(self, holder: str, location_id: int, quantity_by_line: Mapping[int, int]) -> None:
        parts = {
            line_id: self.promises.get((holder, line_id, location_id))
            for line_id in quantity_by_line
        }
        for line_id, promise in parts.items():
            if promise is None or promise.state != "allocated":
                raise NotHere
            if promise.live < quantity_by_line[line_id]:
                raise NotHere
        for line_id, promise in parts.items():
            assert promise is not None
            promise.consumed += quantity_by_line[line_id]
            self.on_hand[location_id, promise.sku_id] -= quantity_by_line[line_id]
            if promise.consumed == promise.quantity:
                promise.state = "consumed"

    def adjust(self, place: Place, delta: int) -> None:
        if delta < 0 and self.on_hand[place] + delta < 0:
            raise Below
        self.on_hand[place] += delta

    def _need(self, asked: Mapping[Place, int]) -> None:
        if any(self.counters(place)["atp"] < quantity for place, quantity in asked.items()):
            raise Short

    def _of(self, holder: str, line_id: int) -> list[Promise]:
        return [p for key, p in self.promises.items() if key[:2] == (holder, line_id)]

    def _stands(self, holder: str, line_id: int) -> bool:
        return any(promise.state in STANDING for promise in self._of(holder, line_id))

    def _there(self, holder: str, line: ReserveLine) -> int:
        promise = self.promises.get((holder, line.line_id, line.location_id))
        return promise.quantity if promise and promise.state in STANDING else 0

    def _add(
        self, holder: str, line: ReserveLine, state: State, expires_at: datetime | None
    ) -> None:
        key = (holder, line.line_id, line.location_id)
        promise = self.promises.get(key)
        if promise is None:
            self.promises[key] = Promise(line.sku_id, line.quantity, state, expires_at)
            return
        kept = promise.quantity if promise.state in LIVE else promise.consumed
        promise.quantity = kept + line.quantity
        promise.state, promise.expires_at = state, expires_at
