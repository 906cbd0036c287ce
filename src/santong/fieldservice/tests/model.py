"""What a visit should be after anything that can happen to it, in plain words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

FREE_HOURS, FEE = 20, 5_000
WINDOW = timedelta(hours=2)
ON_THE_WAY = ("booked", "confirmed", "en_route")


class Refused(Exception):
    """The model would not do this."""


@dataclass
class Trip:
    """One visit. `lacks` are parts that have not come, `waits` goods that have not."""

    id: int
    document: str
    waits: bool = False
    lacks: set[str] = field(default_factory=set[str])
    follows: Trip | None = None
    reason: str = ""
    state: str = "requested"
    window: datetime | None = None
    held: tuple[datetime, datetime] | None = None
    arrived_at: datetime | None = None
    by_place: bool = False
    has_begun: bool = False
    done_at: datetime | None = None
    reported: set[str] = field(default_factory=set[str])
    missed_by: str = ""
    fee: int = 0
    told: list[str] = field(default_factory=list[str])
    followed_by: Trip | None = None

    def __post_init__(self) -> None:
        self.offer()

    def _check(self, *states: str) -> None:
        if self.state not in states:
            raise Refused

    def go(self, to: str, *told: str) -> None:
        """Stand elsewhere, and say what was told of it."""
        self.state = to
        self.told += told

    def offer(self) -> None:
        """Nothing is waited for any more."""
        if self.state == "requested" and not self.waits and not self.lacks:
            self.go("offered", "visit_offered")

    def goods_come(self) -> None:
        self.waits = False
        self.offer()

    def parts_come(self, *codes: str) -> None:
        self.lacks -= set(codes)
        self.offer()

    def holds(self, window: datetime, now: datetime) -> bool:
        """Whether this window is kept free for it."""
        return self.held is not None and self.held[0] == window and self.held[1] > now

    def check_hold(self) -> None:
        self._check("offered", "booked", "confirmed")

    def is_booked_for(self, window: datetime) -> bool:
        return self.state in {"booked", "confirmed"} and self.window == window

    def check_book(self) -> None:
        self._check("offered")

    def book(self, window: datetime) -> None:
        self.window, self.held = window, None
        self.go("booked", "visit_booked")

    def is_late(self, now: datetime) -> bool:
        return self.window is not None and now > self.window - timedelta(hours=FREE_HOURS)

    def check_move(self, by: str, now: datetime) -> None:
        self._check("booked", "confirmed")
        if by == "buyer" and self.is_late(now):
            raise Refused

    def move(self, window: datetime) -> None:
        """What was said about a time that nobody waits for any more says nothing."""
        if window != self.window:
            self.reported = set()
        self.window, self.held = window, None
        self.go("booked")

    def confirm(self) -> None:
        if self.state != "confirmed":
            self._check("booked")
            self.go("confirmed")

    def set_out(self) -> None:
        if self.state != "en_route":
            self._check("booked", "confirmed")
            self.go("en_route")

    def arrive(self, *, by_place: bool, now: datetime) -> None:
        if self.arrived_at is not None:
            return
        self._check(*ON_THE_WAY)
        self.arrived_at, self.by_place = now, by_place
        self.go("arrived", "visit_checked_in")

    def begin(self) -> None:
        if self.state != "working":
            self._check("arrived")
            self.has_begun = True
            self.go("working")

    def finish(self, now: datetime) -> None:
        if self.done_at is None:
            self._check("arrived", "working")
            self.done_at = now
            self.go("done", "visit_done")

    def accept(self) -> None:
        """With it what it finished is accepted, through trips that somebody missed."""
        if self.state == "accepted":
            return
        self._check("done")
        self.go("accepted", "visit_accepted")
        before: Trip | None = self
        while before and before.reason in {"parts", "not_finished", "missed"}:
            before = before.follows
            if before and before.state == "done":
                before.go("accepted")

    def is_silent(self, now: datetime) -> bool:
        return (
            self.state == "done"
            and self.done_at is not None
            and now >= self.done_at + timedelta(hours=48)
            and not self._waits_for_another()
        )

    def _waits_for_another(self) -> bool:
        other = self.followed_by
        while other and other.state == "missed":
            other = other.followed_by
        first = self.followed_by
        is_unfinished = first is not None and first.reason in {"parts", "not_finished"}
        return is_unfinished and other is not None and other.state not in {"accepted", "cancelled"}

    def check_report(self) -> None:
        self._check(*ON_THE_WAY, "arrived")

    def absent(self, now: datetime) -> str:
        """Who was not there: two signals, one of them what they did not do."""
        if self.window is None or self.state not in {*ON_THE_WAY, "arrived"}:
            return ""
        came = self.arrived_at
        if came is None:
            over = now >= self.window + WINDOW + timedelta(minutes=30)
            return "technician" if over and "buyer" in self.reported else ""
        waited = self.by_place and not self.has_begun and now >= came + timedelta(minutes=15)
        return "buyer" if waited and "technician" in self.reported else ""

    def miss(self, by: str) -> None:
        self.missed_by, self.held = by, None
        self.go("missed", "visit_missed")

    def cancel(self, by: str, now: datetime) -> None:
        if self.state == "cancelled":
            return
        self._check("requested", "offered", "booked", "confirmed")
        self.fee = FEE if by == "buyer" and self.is_late(now) else 0
        self.held = None
        self.go("cancelled", "visit_cancelled")

    def check_follow(self) -> None:
        self._check("arrived", "working", "done", "accepted")
