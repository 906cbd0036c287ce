"""A line that fails is left alone, and tried again by one call at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from santong.gateway.rules.breaker import (
    FAILURES_TO_OPEN,
    FIRST_REST,
    LONGEST_REST,
    PROBE_LIVES,
    Breaker,
    failed,
    let_through,
    rest_after,
    succeeded,
)
from santong.gateway.tests.factories import NOW


def test_five_failures_in_a_row_open_it() -> None:
    breaker = Breaker()

    for _ in range(FAILURES_TO_OPEN):
        assert breaker.state == "closed"
        breaker = failed(breaker=breaker, generation=breaker.generation, now=NOW)

    assert breaker.state == "open"
    assert breaker.rests_until == NOW + FIRST_REST
    assert let_through(breaker=breaker, now=NOW) is None


def test_a_success_in_between_begins_the_count_anew() -> None:
    breaker = Breaker(failures=FAILURES_TO_OPEN - 1)

    breaker = succeeded(breaker=breaker, generation=0)

    assert failed(breaker=breaker, generation=0, now=NOW).state == "closed"


def test_after_its_rest_one_call_goes_through_and_decides() -> None:
    resting = Breaker(state="open", trips=1, generation=1, rests_until=NOW)

    probing = let_through(breaker=resting, now=NOW)

    assert probing is not None
    assert probing.state == "half_open"
    assert let_through(breaker=probing, now=NOW) is None
    assert succeeded(breaker=probing, generation=probing.generation).state == "closed"
    again = failed(breaker=probing, generation=probing.generation, now=NOW)
    assert again.rests_until == NOW + 2 * FIRST_REST


def test_a_probe_that_never_comes_back_is_given_up() -> None:
    resting = Breaker(state="open", trips=1, generation=1, rests_until=NOW)
    lost = let_through(breaker=resting, now=NOW)
    assert lost is not None

    later = let_through(breaker=lost, now=NOW + PROBE_LIVES)

    assert later is not None
    assert succeeded(breaker=later, generation=lost.generation) == later


def test_what_was_let_through_before_it_opened_tells_nothing() -> None:
    opened = Breaker(state="open", generation=3, rests_until=NOW)

    assert succeeded(breaker=opened, generation=2) == opened
    assert failed(breaker=opened, generation=2, now=NOW) == opened


def test_rests_grow_to_a_limit() -> None:
    rests = [rest_after(trips=trips) for trips in range(1, 40)]

    assert rests[:3] == [FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST]
    assert rests == sorted(rests)
    assert rests[-1] == LONGEST_REST


@dataclass
class Model:
    """The same, told by what has happened since the line last worked."""

    in_a_row: int = 0
    rests: int = 0
    open_until: int | None = None
    probing: bool = False
    eras: int = 0
    flying: list[int] = field(default_factory=list)


class BreakerMachine(RuleBasedStateMachine):
    """Calls go out, come back well or badly, early or late; seconds pass."""

    def __init__(self) -> None:
        super().__init__()
        self.breaker = Breaker()
        self.model = Model()
        self.second = 0
        self.flying: list[tuple[int, int]] = []
        self.probe_began = 0

    @property
    def now(self):  # type: ignore[no-untyped-def]
        return NOW + timedelta(seconds=self.second)

    @rule(seconds=st.integers(1, 400))
    def wait(self, seconds: int) -> None:
        self.second += seconds

    @rule()
    def call(self) -> None:
        model = self.model
        found = let_through(breaker=self.breaker, now=self.now)
        is_lost = model.probing and self.second >= self.probe_began + PROBE_LIVES.seconds
        is_open = model.open_until is not None
        if is_open and not model.probing:
            expected = self.second >= (model.open_until or 0)
        else:
            expected = not model.probing or is_lost
        assert (found is not None) == expected
        if found is None:
            return
        if is_open:
            model.probing, model.eras, self.probe_began = True, model.eras + 1, self.second
        self.breaker = found
        self.flying.append((found.generation, model.eras))

    @rule(which=st.integers(0, 20), well=st.booleans())
    def come_back(self, which: int, *, well: bool) -> None:
        if not self.flying:
            return
        generation, era = self.flying.pop(which % len(self.flying))
        if well:
            self.breaker = succeeded(breaker=self.breaker, generation=generation)
        else:
            self.breaker = failed(breaker=self.breaker, generation=generation, now=self.now)
        model = self.model
        if era != model.eras or (model.open_until is not None and not model.probing):
            return
        if well:
            if model.open_until is not None:
                model.eras += 1
            model.in_a_row, model.rests, model.open_until, model.probing = 0, 0, None, False
            return
        model.in_a_row += 1
        if model.probing or model.in_a_row >= FAILURES_TO_OPEN:
            model.rests += 1
            seconds = min(FIRST_REST.seconds * 2 ** (model.rests - 1), LONGEST_REST.seconds)
            model.open_until, model.probing = self.second + seconds, False
            model.eras += 1

    @invariant()
    def it_is_what_the_model_says(self) -> None:
        model = self.model
        expected = "closed"
        if model.open_until is not None:
            expected = "half_open" if model.probing else "open"
        assert self.breaker.state == expected
        assert self.breaker.trips == model.rests
        assert (self.breaker.rests_until is not None) == (expected == "open")


TestBreakerMachine = BreakerMachine.TestCase
TestBreakerMachine.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
