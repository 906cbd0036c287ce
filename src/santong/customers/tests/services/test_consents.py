"""Consent, with its proof."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.customers import public as customers
from santong.customers.contracts import Topic
from santong.customers.rules.consents import is_granted
from santong.customers.tests.factories import NOW, make_person
from santong.kernel.errors import FieldInvalid
from santong.kernel.models import OutboxEvent

SMS = Topic(purpose="marketing", channel="sms")
EMAIL = Topic(purpose="marketing", channel="email")
SHARING = Topic(purpose="sharing", processor="crm-vendor")
ANALYSIS = Topic(purpose="analysis")
TEXT = {"text_version": "2026-01", "text_hash": "ab" * 32}


def say(
    merchant_id: int, person_id: int, topic: Topic, *, granted: bool = True, **given_: Any
) -> customers.ConsentEvent:
    about: dict[str, Any] = {
        "merchant_id": merchant_id,
        "person_id": person_id,
        "topic": topic,
        "place": "store:SH001",
        "given_at": NOW,
        "now": NOW,
        **given_,
    }
    if granted:
        return customers.give_consent(**{**TEXT, **about})
    return customers.withdraw_consent(**about)


def may(merchant_id: int, person_id: int, topic: Topic = SMS, **at: Any) -> bool:
    return customers.may_contact(
        merchant_id=merchant_id,
        person_ids=[person_id],
        purpose=topic.purpose,
        channel=topic.channel,
        **{"now": NOW, **at},
    )[person_id]


def test_nobody_is_reached_who_never_said_so(merchant_id: int) -> None:
    person_id = make_person(merchant_id=merchant_id)

    assert not may(merchant_id, person_id)
    assert not may(merchant_id, 2**40)


def test_consent_is_for_one_purpose_and_channel(merchant_id: int) -> None:
    person_id = make_person(merchant_id=merchant_id)

    event = say(merchant_id, person_id, SMS)

    assert (event.text_version, event.text_hash) == ("2026-01", "ab" * 32)
    assert may(merchant_id, person_id)
    assert not may(merchant_id, person_id, EMAIL)
    assert not may(merchant_id, person_id, Topic(purpose="service", channel="sms"))
    assert not may(merchant_id, person_id, now=NOW - timedelta(seconds=1))
    (told,) = OutboxEvent.objects.filter(
        merchant_id=merchant_id, name="customers.consent_changed.v1"
    )
    assert told.body == {
        "person_id": person_id,
        "purpose": "marketing",
        "channel": "sms",
        "processor": "",
        "is_granted": True,
    }


def test_of_two_words_at_one_moment_the_one_that_takes_back_holds(merchant_id: int) -> None:
    person_id = make_person(merchant_id=merchant_id)

    say(merchant_id, person_id, SMS, granted=False)
    say(merchant_id, person_id, SMS)

    assert not may(merchant_id, person_id)


def test_handing_data_on_needs_a_consent_of_its_own(merchant_id: int) -> None:
    person_id = make_person(merchant_id=merchant_id)
    say(merchant_id, person_id, SMS)
    say(merchant_id, person_id, SHARING)

    def may_share(processor: str) -> bool:
        return customers.may_share(
            merchant_id=merchant_id, person_ids=[person_id], processor=processor, now=NOW
        )[person_id]

    assert may_share("crm-vendor")
    assert not may_share("parcel-vendor")
    assert not customers.may_analyse(merchant_id=merchant_id, person_ids=[person_id], now=NOW)[
        person_id
    ]


def test_a_persons_last_word_counts_by_whomever_they_said_it(merchant_id: int) -> None:
    older, younger = (make_person(merchant_id=merchant_id) for _ in range(2))
    say(merchant_id, older, SMS, given_at=NOW - timedelta(days=2))
    say(merchant_id, younger, SMS, granted=False, given_at=NOW - timedelta(days=1))
    merge = customers.merge(
        merchant_id=merchant_id, first_id=older, second_id=younger, reason="same", now=NOW
    )

    assert not may(merchant_id, older)
    assert not may(merchant_id, younger)
    assert len(customers.consents_of(merchant_id=merchant_id, person_id=older)) == 2

    customers.undo_merge(merchant_id=merchant_id, merge_id=merge.id, reason="two", now=NOW)

    assert may(merchant_id, older)
    assert not may(merchant_id, younger)


@pytest.mark.parametrize(
    ("topic", "given_"),
    [
        (Topic(purpose="marketing"), {}),
        (Topic(purpose="analysis", channel="sms"), {}),
        (Topic(purpose="sharing"), {}),
        (Topic(purpose="marketing", channel="sms", processor="crm"), {}),
        (Topic(purpose="sharing", processor="王小明"), {}),
        (SMS, {"place": "at Mr Wang's"}),
        (SMS, {"place": ""}),
        (SMS, {"text_hash": "ab"}),
        (SMS, {"text_version": ""}),
        (SMS, {"given_at": NOW + timedelta(hours=1)}),
    ],
)
def test_a_proof_that_proves_nothing_is_refused(
    merchant_id: int, topic: Topic, given_: dict[str, Any]
) -> None:
    person_id = make_person(merchant_id=merchant_id)

    with pytest.raises(FieldInvalid):
        say(merchant_id, person_id, topic, **given_)


histories = st.lists(
    st.tuples(st.sampled_from([SMS, EMAIL]), st.booleans(), st.integers(0, 4)), max_size=8
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories, asked_at=st.integers(0, 4))
def test_whatever_was_said_the_database_and_the_rule_agree(
    merchant_id: int, history: list[tuple[Topic, bool, int]], asked_at: int
) -> None:
    person_id = make_person(merchant_id=merchant_id)
    start = NOW - timedelta(hours=5)
    events = [
        say(
            merchant_id,
            person_id,
            topic,
            granted=granted,
            given_at=start + timedelta(hours=hour),
        )
        for topic, granted, hour in history
    ]
    moment = start + timedelta(hours=asked_at)

    for topic in (SMS, EMAIL):
        assert may(merchant_id, person_id, topic, now=moment) == is_granted(
            events, topic=topic, now=moment
        )
