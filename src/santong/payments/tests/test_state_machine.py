"""Whatever is posted, held and undone, in whatever order, the ledger is what the model says."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from santong.payments import public as ledger
from santong.payments.tests.factories import (
    NOW,
    SOURCE,
    assert_sound,
    earned,
    make_points,
    of,
    spent,
)
from santong.payments.tests.model import Hold, Ledger, Refused, Txn

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "30"))
STEPS = 30
OWNERS = ("member:1", "member:2")
REFUSALS = (
    ledger.InsufficientBalance,
    ledger.HoldEnded,
    ledger.MoreThanHeld,
    ledger.AlreadyReversed,
    ledger.NotReversible,
    ledger.NotASpend,
    ledger.MoreThanSpent,
)
_keys = itertools.count(1)

owners = st.sampled_from(OWNERS)
amounts = st.integers(1, 12)
days = st.none() | st.integers(1, 6)
picks = st.integers(0, 50)


class LedgerMachine(RuleBasedStateMachine):
    """Two members, and every command of the ledger."""

    merchant_id: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = NOW
        self.asset = make_points(merchant_id=self.merchant_id)
        self.model = Ledger()
        self.txns: list[tuple[int, Txn]] = []
        self.holds: list[tuple[int, Hold]] = []
        self.posted: list[ledger.NewTxn] = []

    def teardown(self) -> None:
        try:
            self._call(ledger.expire_holds)
            self._call(ledger.expire_lots, asset=self.asset)
            assert_sound(merchant_id=self.merchant_id, now=self.now)
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @rule(owner=owners, amount=amounts, after=days)
    def earn(self, owner: str, amount: int, after: int | None) -> None:
        ends = self._in(after)
        txn = earned(self._of(owner), amount, expires_at=ends, key=self._key())
        self._post(txn, lambda: self.model.earn(owner, amount, ends))

    @rule(owner=owners, amount=amounts)
    def promise(self, owner: str, amount: int) -> None:
        txn = earned(of(self.asset, "pending", owner), amount, key=self._key())
        self._post(txn, lambda: self.model.promise(owner, amount))

    @rule(owner=owners, amount=amounts, after=days)
    def mature(self, owner: str, amount: int, after: int | None) -> None:
        ends = self._in(after)
        entries = (
            ledger.NewEntry(of(self.asset, "pending", owner), -amount),
            ledger.NewEntry(self._of(owner), amount, ends),
        )
        self._post(self._txn(entries), lambda: self.model.mature(owner, amount, ends))

    @rule(owner=owners, amount=amounts, pick=st.none() | picks)
    def spend(self, owner: str, amount: int, pick: int | None) -> None:
        preferred = self.txns[pick % len(self.txns)] if self.txns and pick is not None else None
        lots_of, of_txn = preferred or (None, None)
        txn = spent(self._of(owner), amount, key=self._key(), lots_of=lots_of)
        self._post(txn, lambda: self.model.spend(owner, amount, self.now, of_txn))

    @rule(several=st.lists(st.tuples(owners, amounts, st.booleans(), days), min_size=1, max_size=5))
    def post_many(self, several: list[tuple[str, int, bool, int | None]]) -> None:
        asked = [
            earned(self._of(owner), amount, expires_at=self._in(after), key=self._key())
            if is_earned
            else spent(self._of(owner), amount, key=self._key())
            for owner, amount, is_earned, after in several
        ]
        stands = {
            owner: sum(lot.rest - lot.held for lot in self._spendable(owner)) for owner in OWNERS
        }
        for owner, amount, is_earned, _ in several:
            stands[owner] += amount if is_earned else -amount
            if stands[owner] < 0:
                self._refused(ledger.post_many, source=SOURCE, txns=asked)
                return
        made = self._call(ledger.post_many, source=SOURCE, txns=asked)
        for (owner, amount, is_earned, after), posted in zip(several, made, strict=True):
            if is_earned:
                self.txns.append((posted.id, self.model.earn(owner, amount, self._in(after))))
            else:
                self.txns.append((posted.id, self.model.spend(owner, amount, self.now)))
        self.posted += asked

    @rule(amount=amounts)
    def transfer(self, amount: int) -> None:
        giver, taker = OWNERS
        entries = (
            ledger.NewEntry(self._of(giver), -amount),
            ledger.NewEntry(self._of(taker), amount),
        )
        txn = self._txn(entries)
        self._post(txn, lambda: self.model.transfer(giver, taker, amount, self.now))

    @rule(owner=owners, amount=amounts, hours=st.sampled_from([1, 60, 100]))
    def hold(self, owner: str, amount: int, hours: int) -> None:
        ends = self.now + timedelta(hours=hours)
        made = self._both(
            lambda: self.model.hold(owner, amount, self.now, ends),
            ledger.hold,
            source=SOURCE,
            key=self._key(),
            account=self._of(owner),
            amount=amount,
            expires_at=ends,
        )
        if made:
            self.holds.append((made[1].id, made[0]))

    @precondition(lambda self: self.holds)
    @rule(pick=picks, amount=amounts)
    def capture(self, pick: int, amount: int) -> None:
        hold_id, hold = self.holds[pick % len(self.holds)]
        made = self._both(
            lambda: self.model.capture(hold, amount, self.now),
            ledger.capture,
            hold_id=hold_id,
            source=SOURCE,
            txn=spent(self._of(hold.owner), amount, key=self._key()),
        )
        if made:
            self.txns.append((made[1].id, made[0]))

    @precondition(lambda self: self.holds)
    @rule(pick=picks)
    def release(self, pick: int) -> None:
        hold_id, hold = self.holds[pick % len(self.holds)]
        self._both(
            lambda: self.model.release(hold, self.now),
            ledger.release,
            hold_id=hold_id,
            reason="test",
        )

    @precondition(lambda self: self.txns)
    @rule(pick=picks)
    def reverse(self, pick: int) -> None:
        txn_id, txn = self.txns[pick % len(self.txns)]
        made = self._both(
            lambda: self.model.reverse(txn),
            ledger.reverse,
            source=SOURCE,
            key=self._key(),
            txn_id=txn_id,
            reason="test",
        )
        if made:
            self.txns.append((made[1].id, made[0]))

    @precondition(lambda self: self.txns)
    @rule(pick=picks, amount=amounts)
    def give_back(self, pick: int, amount: int) -> None:
        txn_id, txn = self.txns[pick % len(self.txns)]
        made = self._both(
            lambda: self.model.give_back(txn, amount),
            ledger.give_back,
            source=SOURCE,
            key=self._key(),
            txn_id=txn_id,
            amount=amount,
            reason="test",
        )
        if made:
            self.txns.append((made[1].id, made[0]))

    @rule(hours=st.sampled_from([2, 30]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def the_sweepers_come_twice(self) -> None:
        holds = self.model.expire_holds([hold for _, hold in self.holds], self.now)
        assert [self._call(ledger.expire_holds) for _ in range(2)] == [holds, 0]
        lots = self.model.expire_lots(self.now)
        found = [self._call(ledger.expire_lots, asset=self.asset) for _ in range(2)]
        assert found == [lots, 0]

    @precondition(lambda self: self.posted)
    @rule(pick=picks)
    def the_same_again(self, pick: int) -> None:
        txn = self.posted[pick % len(self.posted)]

        again = self._call(ledger.post, source=SOURCE, txn=txn)

        assert not again.is_new

    @precondition(lambda self: self.posted)
    @rule(pick=picks)
    def the_same_key_with_something_else(self, pick: int) -> None:
        key = self.posted[pick % len(self.posted)].key
        txn = earned(self._of(OWNERS[0]), 1_000, key=key)

        self._refused(ledger.post, source=SOURCE, txn=txn, refusals=(ledger.KeyTaken,))

    @invariant()
    def everything_is_what_the_model_says(self) -> None:
        said: dict[ledger.AccountKey, tuple[int, int, int]] = {}
        for owner in OWNERS:
            lots = ledger.lots_of(merchant_id=self.merchant_id, account=self._of(owner))
            expected = self.model.open_lots(owner)
            assert [(lot.amount, lot.rest, lot.held, lot.expires_at) for lot in lots] == [
                (lot.amount, lot.rest, lot.held, lot.expires_at) for lot in expected
            ]
            said[self._of(owner)] = (
                sum(lot.rest for lot in expected),
                sum(lot.held for lot in expected),
                sum(lot.rest - lot.held for lot in self._spendable(owner)),
            )
            pending = self.model.pending.get(owner, 0)
            said[of(self.asset, "pending", owner)] = (pending, 0, pending)
        for name, owner in (("issued", "brand:1"), ("redeemed", "brand:1"), ("expired", "pool")):
            total = self.model.sinks.get(name, 0)
            said[ledger.AccountKey(self.asset, name, owner)] = (total, 0, total)
        found = self._call(ledger.balances, accounts=list(said))
        assert said == {
            account: (each.posted, each.held, each.available) for account, each in found.items()
        }

    def _post(self, txn: ledger.NewTxn, model: Callable[[], Txn]) -> None:
        made = self._both(model, ledger.post, source=SOURCE, txn=txn)
        if made:
            self.txns.append((made[1].id, made[0]))
            self.posted.append(txn)

    def _both(self, model: Callable[[], Any], command: Callable[..., Any], **asked: Any) -> Any:
        """What both made of it, or nothing where both refused."""
        try:
            said = model()
        except Refused:
            self._refused(command, **asked)
            return None
        return said, self._call(command, **asked)

    def _call(self, command: Callable[..., Any], **asked: Any) -> Any:
        return command(merchant_id=self.merchant_id, now=self.now, **asked)

    def _refused(
        self,
        command: Callable[..., Any],
        refusals: tuple[type[Exception], ...] = REFUSALS,
        **asked: Any,
    ) -> None:
        try:
            with transaction.atomic():
                self._call(command, **asked)
        except refusals:
            return
        raise AssertionError("the model refuses it")

    def _spendable(self, owner: str) -> list[Any]:
        return [lot for lot in self.model.open_lots(owner) if not lot.has_ended(self.now)]

    def _of(self, owner: str) -> ledger.AccountKey:
        return of(self.asset, owner=owner)

    def _txn(self, entries: tuple[ledger.NewEntry, ...]) -> ledger.NewTxn:
        return ledger.NewTxn(key=self._key(), kind="test", entries=entries, occurred_at=self.now)

    def _in(self, after: int | None) -> datetime | None:
        return None if after is None else self.now + timedelta(days=after)

    def _key(self) -> str:
        return f"machine-{next(_keys)}"


def test_the_ledger_is_what_the_model_says(merchant_id: int) -> None:
    machine = type("Machine", (LedgerMachine,), {"merchant_id": merchant_id})
    machine.TestCase = None  # type: ignore[attr-defined]

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
