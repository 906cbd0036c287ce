from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from santong.simulation.rules.behaviour import REASONS, habits_of


@given(seed=st.integers(), work=st.text(max_size=20), accept_ppm=st.integers(0, 1_000_000))
def test_the_same_work_gets_the_same_answer(seed: int, work: str, accept_ppm: int) -> None:
    habits = habits_of(seed=seed, work=work, accept_ppm=accept_ppm)

    assert habits_of(seed=seed, work=work, accept_ppm=accept_ppm) == habits
    assert timedelta(minutes=1) <= habits.answers_after < timedelta(minutes=10)
    assert habits.begins_after > timedelta()


def test_places_accept_as_often_as_they_are_said_to() -> None:
    answers = [
        habits_of(seed=1, work=str(number), accept_ppm=900_000).declines for number in range(4_000)
    ]

    declined = Counter(answer for answer in answers if answer)
    assert 320 <= declined.total() <= 480
    assert set(declined) == set(REASONS)


def test_who_is_certain_never_declines_and_who_must_does() -> None:
    willing = habits_of(seed=1, work="a", accept_ppm=1_000_000)
    forced = habits_of(seed=1, work="a", accept_ppm=1_000_000, declines=True)

    assert willing.declines is None
    assert forced.declines is not None
    assert forced.answers_after == willing.answers_after
