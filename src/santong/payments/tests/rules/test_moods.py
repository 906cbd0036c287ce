"""What goes wrong is a pure function of a seed and a name, about as often as its profile says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.payments.contracts.providers import (
    BadSignature,
    Notice,
    Refused,
    Seen,
    SeenDispute,
    SeenMove,
)
from santong.payments.rules.simulated import notices
from santong.payments.rules.simulated.moods import (
    MOODS,
    OF_CALLS,
    PROFILES,
    falls,
    mood_of_call,
    moods_named,
)
from santong.payments.rules.simulated.signing import SIGNATURE, check_signed, signed
from santong.payments.rules.simulated.terms import PAUSES_SECONDS, Terms, fee_on, pause_after

AT = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
SECRET = "a secret of nobody"
texts = st.text(max_size=20)


@given(seed=texts, about=texts, attempt=st.integers(1, 9))
def test_in_the_calm_nothing_goes_wrong(seed: str, about: str, attempt: int) -> None:
    found = [
        falls(mood=mood, profile="calm", seed=seed, about=about, attempt=attempt) for mood in MOODS
    ]

    assert not any(found)


@given(seed=texts, about=texts, attempt=st.integers(1, 9))
def test_a_storm_repeats(seed: str, about: str, attempt: int) -> None:
    first, again = (
        mood_of_call(profile="stormy", seed=seed, about=about, attempt=attempt) for _ in range(2)
    )

    assert first == again
    assert first is None or first in OF_CALLS


@pytest.mark.parametrize("mood", sorted(PROFILES["stormy"]))
def test_a_mood_falls_about_as_often_as_its_profile_says(mood: str) -> None:
    (wanted,) = (each for each in MOODS if each == mood)
    tries = 10_000

    found = sum(
        falls(mood=wanted, profile="stormy", seed="a seed", about=f"R{n}") for n in range(tries)
    )

    assert abs(found - PROFILES["stormy"][wanted]) < 200


def test_what_is_asked_for_by_name_goes_wrong_once() -> None:
    named = moods_named("mood:done_unheard, notice_lost,nonsense")

    moods = [
        mood_of_call(profile="calm", seed="", about="R1", attempt=attempt, named=named)
        for attempt in (1, 2)
    ]

    assert named == {"done_unheard", "notice_lost"}
    assert moods == ["done_unheard", None]
    assert moods_named("done_unheard") == frozenset()


@pytest.mark.parametrize(
    ("amount", "fee"), [(1, 0), (83, 0), (84, 1), (250, 2), (12_900, 77), (10**11, 6 * 10**8)]
)
def test_halves_of_a_fee_are_rounded_up_once(amount: int, fee: int) -> None:
    assert fee_on(amount, per_million=6_000) == fee


def test_what_is_not_taken_is_told_again_and_not_for_ever() -> None:
    terms = Terms(pace_permille=10)

    assert pause_after(1, terms=terms) == timedelta(milliseconds=150)
    assert pause_after(len(PAUSES_SECONDS), terms=terms) == timedelta(seconds=216)
    assert pause_after(len(PAUSES_SECONDS) + 1, terms=terms) is None


@given(body=st.binary(max_size=50), seconds=st.integers(-300, 299))
def test_what_was_signed_lately_is_believed(body: bytes, seconds: int) -> None:
    headers = signed(secret=SECRET, body=body, now=AT)
    shouted = {name.upper(): value for name, value in headers.items()}

    check_signed(secret=SECRET, headers=headers, body=body, now=AT + timedelta(seconds=seconds))
    check_signed(secret=SECRET, headers=shouted, body=body, now=AT)


@pytest.mark.parametrize(
    ("secret", "body", "seconds", "headers"),
    [
        ("another", b"{}", 0, {}),
        ("", b"{}", 0, {}),
        (SECRET, b"{} ", 0, {}),
        (SECRET, b"{}", 301, {}),
        (SECRET, b"{}", -301, {}),
        (SECRET, b"{}", 0, {SIGNATURE: ""}),
        (SECRET, b"{}", 0, {SIGNATURE: "é"}),
        (SECRET, b"{}", 0, {"Simulated-Timestamp": "now"}),
    ],
)
def test_what_another_signed_or_long_ago_is_not_believed(
    secret: str, body: bytes, seconds: int, headers: dict[str, str]
) -> None:
    sent = {**signed(secret=SECRET, body=b"{}", now=AT), **headers}

    with pytest.raises(BadSignature):
        check_signed(secret=secret, headers=sent, body=body, now=AT + timedelta(seconds=seconds))


SAID = [
    Notice(
        number="payment:R1:paid",
        about="payment",
        reference="R1",
        payment=Seen(state="paid", their_reference="sp1", amount_minor=129, fee_minor=1, at=AT),
    ),
    Notice(
        number="refund:R2:failed",
        about="refund",
        reference="R2",
        move=SeenMove(state="failed", why="NO", at=AT),
    ),
    Notice(
        number="dispute:sd1:won",
        about="dispute",
        reference="R1",
        dispute=SeenDispute(
            state="won", their_reference="sd1", payment_reference="R1", amount_minor=5, at=AT
        ),
    ),
]


@pytest.mark.parametrize("notice", SAID, ids=lambda notice: notice.about)
def test_what_is_written_is_read(notice: Notice) -> None:
    assert notices.read(notices.written(notice).encode()) == notice


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b'{"number": "1", "about": "weather", "reference": "R1"}',
        b'{"number": "1", "about": "payment", "reference": "R1", "payment": 1}',
        b'{"number": "1", "about": "payment", "reference": "R1", "payment": {"odd": 1}}',
        b'{"number": "1", "about": "refund", "reference": "R1", "move": {"state": "x", "at": 1}}',
    ],
)
def test_what_is_no_notice_is_refused(body: bytes) -> None:
    with pytest.raises(Refused, match="NOT_A_NOTICE"):
        notices.read(body)
