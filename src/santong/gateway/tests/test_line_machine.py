"""Breaker, log and alarm in their tables are what a page of Python says, whatever comes when."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from santong.gateway import public as gateway
from santong.gateway.contracts import CallMade, Outcome
from santong.gateway.rules.breaker import (
    FAILURES_TO_OPEN,
    FIRST_REST,
    LONGEST_REST,
    PROBE_LIVES,
)
from santong.gateway.services.judge_connection import judge_connection
from santong.gateway.services.log_call import log_call
from santong.gateway.services.use_line import give_line_back, take_line
from santong.gateway.tests.factories import NOW, make_line
from santong.kernel import outbox

EXAMPLES = int(os.environ.get("SANTONG_STATE_MACHINE_EXAMPLES", "40"))
STEPS = 40
WINDOW_SECONDS = 300


@dataclass
class Model:
    """A line: calls with their second, whether it rests, and whether its alarm rings."""

    second: int = 0
    calls: list[tuple[int, bool]] = field(default_factory=list)
    in_a_row: int = 0
    rests: int = 0
    rests_until: int | None = None
    probe_since: int | None = None
    eras: int = 0
    rings: bool = False
    told: list[str] = field(default_factory=list)

    def may_call(self) -> bool:
        if self.probe_since is not None:
            return self.second >= self.probe_since + PROBE_LIVES.seconds
        return self.rests_until is None or self.second >= self.rests_until

    def take(self) -> int:
        if self.rests_until is not None or self.probe_since is not None:
            self.rests_until, self.probe_since = None, self.second
            self.eras += 1
        return self.eras

    def end(self, era: int, *, is_well: bool) -> None:
        self.calls.append((self.second, is_well))
        if era != self.eras or self.rests_until is not None:
            return
        if is_well:
            self.eras += self.probe_since is not None
            self.in_a_row, self.rests, self.probe_since = 0, 0, None
            return
        self.in_a_row += 1
        if self.probe_since is not None or self.in_a_row >= FAILURES_TO_OPEN:
            rest = min(FIRST_REST.seconds * 2**self.rests, LONGEST_REST.seconds)
            self.rests += 1
            self.rests_until, self.probe_since = self.second + rest, None
            self.eras += 1

    def judge(self) -> None:
        window = [well for at, well in self.calls if at > self.second - WINDOW_SECONDS]
        failures = window.count(False)
        is_alarming = failures >= 4 and failures * 10 >= len(window)
        if is_alarming != self.rings:
            self.rings = is_alarming
            self.told.append("connection_alarm" if is_alarming else "connection_recovered")


class LineMachine(RuleBasedStateMachine):
    """Calls go out, end well or badly, late or never; time passes; somebody judges."""

    merchant_id: ClassVar[int]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        made, _ = make_line(
            self.merchant_id, kind="crm", storefront_code="", url="https://crm.example/"
        )
        self.line_id = made.id
        self.model = Model()
        self.flying: list[tuple[int, int]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @property
    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.model.second)

    @rule(seconds=st.sampled_from([1, 5, 9, 30, 61, 299, 300]))
    def wait(self, seconds: int) -> None:
        self.model.second += seconds

    @rule()
    def call(self) -> None:
        generation = take_line(
            merchant_id=self.merchant_id, connection_id=self.line_id, now=self.now
        )

        assert (generation is not None) == self.model.may_call()
        if generation is not None:
            self.flying.append((generation, self.model.take()))

    @rule(which=st.integers(0, 9), is_well=st.booleans())
    def end(self, which: int, *, is_well: bool) -> None:
        if not self.flying:
            return
        generation, era = self.flying.pop(which % len(self.flying))
        outcome: Outcome = "ok" if is_well else "failed"
        log_call(
            merchant_id=self.merchant_id,
            call=CallMade(
                connection_id=self.line_id,
                direction="out",
                method="m",
                milliseconds=1,
                outcome=outcome,
                code="",
                request={},
                answer={},
            ),
            now=self.now,
        )
        give_line_back(
            merchant_id=self.merchant_id,
            connection_id=self.line_id,
            generation=generation,
            is_well=is_well,
            now=self.now,
        )
        self.model.end(era, is_well=is_well)

    @rule()
    def judge(self) -> None:
        judge_connection(merchant_id=self.merchant_id, connection_id=self.line_id, now=self.now)
        self.model.judge()

    @invariant()
    def the_tables_say_the_same(self) -> None:
        (found,) = gateway.line_states(merchant_id=self.merchant_id, connection_id=self.line_id)
        ringing = gateway.alarms(
            merchant_id=self.merchant_id, before_id=2**63 - 1, limit=5, only_open=True
        )
        told = outbox.told_of(
            merchant_id=self.merchant_id, aggregate=f"connection_id:{self.line_id}"
        )
        model = self.model
        state = "half_open" if model.probe_since is not None else "open"
        expected = "closed" if model.rests_until is None and state == "open" else state
        assert found.breaker == expected
        assert bool(ringing) == model.rings
        assert [each.name.split(".")[1] for each in told] == model.told


@pytest.mark.timeout(900)
def test_a_line_behaves_like_its_model(merchant_id: int) -> None:
    LineMachine.merchant_id = merchant_id

    run_state_machine_as_test(
        LineMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
