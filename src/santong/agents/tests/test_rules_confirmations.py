from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.agents.rules import confirmations
from santong.agents.rules.confirmations import Command

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
SECRET = "s3cret"
COMMAND = Command(
    merchant_id=1, actor="token:7", tool="cancel_order", asked={"order_id": "5", "reason": "x"}
)
CODE = confirmations.code_of(secret=SECRET, command=COMMAND, rests_on="paid 1", now=NOW)


def test_a_code_is_good_for_its_command_and_under_older_secrets() -> None:
    assert confirmations.is_of(secrets=[SECRET], code=CODE, command=COMMAND)
    assert confirmations.is_of(secrets=["newer", SECRET], code=CODE, command=COMMAND)


@pytest.mark.parametrize(
    "other",
    [
        replace(COMMAND, merchant_id=2),
        replace(COMMAND, actor="token:8"),
        replace(COMMAND, actor="staff:7"),
        replace(COMMAND, tool="move_work"),
        replace(COMMAND, asked={"order_id": "6", "reason": "x"}),
        replace(COMMAND, asked={"order_id": "5", "reason": "y"}),
        replace(COMMAND, asked={"order_id": "5"}),
    ],
)
def test_a_code_is_good_for_nothing_else(other: Command) -> None:
    assert not confirmations.is_of(secrets=[SECRET], code=CODE, command=other)


def test_a_code_is_over_after_five_minutes() -> None:
    until = NOW + timedelta(minutes=5)

    assert confirmations.expires_at(code=CODE) == until
    assert not confirmations.is_over(code=CODE, now=until - timedelta(seconds=1))
    assert confirmations.is_over(code=CODE, now=until)


def test_a_code_knows_what_it_rests_on() -> None:
    assert confirmations.rests_on_same(code=CODE, rests_on="paid 1")
    assert not confirmations.rests_on_same(code=CODE, rests_on="paid 2")


@given(place=st.integers(0, confirmations.LENGTH - 1), letter=st.characters())
def test_no_other_writing_of_a_code_is_good(place: int, letter: str) -> None:
    other = CODE[:place] + letter + CODE[place + 1 :]

    is_good = confirmations.is_of(secrets=[SECRET], code=other, command=COMMAND)

    assert is_good == (other == CODE)


@given(st.text(max_size=60))
def test_no_text_is_a_code_by_chance(text: str) -> None:
    assert not confirmations.is_of(secrets=[SECRET], code=text, command=COMMAND)
