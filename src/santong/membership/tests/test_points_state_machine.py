"""Whatever is done to points, in whatever order, they are what a page of Python says."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from santong.membership import public as membership
from santong.membership.rules.calendar import day_of
from santong.membership.rules.expiry import expiry_of, maturity_of
from santong.membership.tests.factories import NOW, make_member
from santong.membership.tests.points import BASE_ONLY, Club, make_club
from santong.membership.tests.points_model import Purse, Refused
from santong.payments import public as payments

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "40"))
STEPS = 25
PENDING_DAYS = 3
POLICIES: tuple[Literal["clamp", "negative"], ...] = ("clamp", "negative")
TERMS = replace(
    BASE_ONLY,
    maturity=membership.MaturityTerms(pending_days=PENDING_DAYS),
    expiry=membership.ExpiryTerms(months=1),
    transfer=membership.TransferTerms(per_day_max=10**9, approval_above=10**9),
)
REFUSALS = (
    membership.TooFewPoints,
    membership.MoreThanBought,
    membership.MoreThanBurned,
    membership.BurnEnded,
)

picks = st.integers(0, 9)
who = st.integers(0, 1)
points = st.integers(1, 120)
_names = itertools.count(1)


def picked(things: Mapping[str, object], which: int) -> str | None:
    """One of them, if there are any; the later ones first."""
    names = list(things)[::-1]
    return names[which % len(names)] if names else None


class PointsMachine(RuleBasedStateMachine):
    """Two members of one programme, and every command that moves points."""

    clubs: ClassVar[dict[str, tuple[Club, Club]]]

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(policy=st.sampled_from(POLICIES))
    def begin(self, policy: Literal["clamp", "negative"]) -> None:
        self.members = self.clubs[policy]
        self.purses = (Purse(policy), Purse(policy))

    @rule(member=who, amount=st.integers(0, 12_000), quantity=st.integers(1, 4))
    def buy(self, member: int, amount: int, quantity: int) -> None:
        made = self.members[member].buy(
            lines=(membership.PurchaseLine(1, "sock", "socks", quantity, amount),), now=self.now
        )
        self.purses[member].buy(
            made.key, amount // 100, quantity, ends=self._ends(), matures=self._matures()
        )
        assert made.points == amount // 100

    @rule(member=who, amounts=st.lists(st.integers(100, 9_000), min_size=2, max_size=3))
    def buy_day_after_day_until_all_is_mature(self, member: int, amounts: list[int]) -> None:
        for amount in amounts:
            self.buy(member, amount, 2)
            self.let_time_pass(1)
        self.let_time_pass(PENDING_DAYS)

    @rule(member=who, which=picks, quantity=st.integers(1, 4))
    def give_back_goods(self, member: int, which: int, quantity: int) -> None:
        key = picked(self.purses[member].bought, which)
        if key is not None:
            self._both(
                lambda: self.purses[member].give_back_goods(key, quantity, self.now),
                lambda: membership.claw_back(
                    merchant_id=self.members[0].merchant_id,
                    source="till",
                    key=key,
                    return_key=f"r-{next(_names)}",
                    quantity_by_line={1: quantity},
                    now=self.now,
                ),
            )

    @rule(member=who, spent=points)
    def burn(self, member: int, spent: int) -> None:
        key = f"b-{next(_names)}"
        self._both(
            lambda: self.purses[member].burn(key, spent, self.now),
            lambda: self.members[member].burn(spent, key=key, now=self.now),
        )

    @rule(member=who, which=picks, back=points)
    def give_back_points(self, member: int, which: int, back: int) -> None:
        key = picked(self.purses[member].burnt, which)
        if key is not None:
            self._both(
                lambda: self.purses[member].give_back(key, back),
                lambda: membership.give_back_points(
                    merchant_id=self.members[0].merchant_id,
                    source="shop",
                    key=key,
                    return_key=f"r-{next(_names)}",
                    points=back,
                    reason="it came back",
                    now=self.now,
                ),
            )

    @rule(member=who, handed=points)
    def hand_on(self, member: int, handed: int) -> None:
        giver, taker = self.purses[member], self.purses[1 - member]

        def model() -> None:
            for lot, amount in giver.take(handed, self.now):
                taker.put(amount, lot.ends)

        self._both(
            model,
            lambda: membership.transfer(
                merchant_id=self.members[0].merchant_id,
                source="app",
                key=f"t-{next(_names)}",
                member_id=self.members[member].member_id,
                to_member_id=self.members[1 - member].member_id,
                programme_code=self.members[0].programme.code,
                points=handed,
                reason="a present",
                now=self.now,
            ),
        )

    @rule(days=st.integers(1, 12))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.members[0].mature(now=self.now)
        for purse in self.purses:
            purse.mature_due(self.now)
        found = membership.check_invariants(merchant_id=self.members[0].merchant_id)
        assert found == []

    @rule()
    def sweep(self) -> None:
        payments.expire_lots(
            merchant_id=self.members[0].merchant_id,
            asset=self.members[0].programme.points_asset,
            now=self.now,
            limit=100,
        )

    @precondition(lambda self: hasattr(self, "purses"))
    @invariant()
    def members_have_what_the_page_says(self) -> None:
        for club, purse in zip(self.members, self.purses, strict=True):
            assert club.points(now=self.now) == membership.PointsShown(
                available=purse.available(self.now), pending=purse.pending(), debt=purse.debt
            )

    @precondition(lambda self: hasattr(self, "purses"))
    @invariant()
    def every_lot_has_what_the_page_says(self) -> None:
        for club, purse in zip(self.members, self.purses, strict=True):
            account = payments.AccountKey(
                club.programme.points_asset, "available", f"member:{club.member_id}"
            )
            left: dict[datetime | None, int] = {}
            for lot in payments.lots_of(merchant_id=club.merchant_id, account=account):
                if lot.expires_at is None or lot.expires_at > self.now:
                    left[lot.expires_at] = left.get(lot.expires_at, 0) + lot.rest
            assert left == purse.left_by_end(self.now)

    def _ends(self) -> datetime:
        day = day_of(self.now, timezone=TERMS.timezone)
        ends = expiry_of(TERMS.expiry, earned_on=day, timezone=TERMS.timezone)
        assert ends is not None
        return ends

    def _matures(self) -> datetime:
        return maturity_of(
            TERMS.maturity, bought_at=self.now, delivered_at=None, timezone=TERMS.timezone
        )

    def _both(self, model: Callable[[], None], command: Callable[[], Any]) -> None:
        """The page and the product say yes together, or no together."""
        try:
            model()
        except Refused:
            is_refused = True
        else:
            is_refused = False
        try:
            with transaction.atomic():
                command()
        except REFUSALS:
            assert is_refused
        else:
            assert not is_refused


def test_points_are_what_the_model_says(merchant_id: int) -> None:
    PointsMachine.clubs = {policy: _pair(merchant_id, policy) for policy in POLICIES}

    run_state_machine_as_test(
        PointsMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def _pair(merchant_id: int, policy: Literal["clamp", "negative"]) -> tuple[Club, Club]:
    club = make_club(merchant_id=merchant_id, terms=replace(TERMS, claw_back=policy))
    other = make_member(merchant_id=merchant_id, programme=club.programme).member
    return club, replace(club, member_id=other.id)
