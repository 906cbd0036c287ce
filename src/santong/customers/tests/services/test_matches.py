"""Pairs who may be one: proposed, accepted, rejected; never merged silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from santong.customers import public as customers
from santong.customers.contracts import Identifier
from santong.customers.models import Match
from santong.customers.tests.factories import (
    NOW,
    WANG,
    make_person,
    new_open_id,
    new_phone,
    resolve,
)
from santong.customers.tests.services.test_erase_person import erase

LI = replace(WANG, name="李雷", birthday=date(1985, 1, 2), address="长乐路 5 号")


def propose(merchant_id: int) -> int:
    return customers.propose_matches(merchant_id=merchant_id, now=NOW)


def test_doubles_wait_for_somebody_and_strangers_do_not(merchant_id: int) -> None:
    first, second = (make_person(merchant_id=merchant_id) for _ in range(2))
    make_person(merchant_id=merchant_id, profile=LI)
    make_person(merchant_id=merchant_id, profile=None)

    assert propose(merchant_id) == 1

    (match,) = customers.matches_page(merchant_id=merchant_id)
    assert (match.first_id, match.second_id, match.state) == (first, second, "open")
    assert match.reasons["name"][0] == "same"
    assert customers.current_ids(merchant_id=merchant_id, person_ids=[first, second]) == {
        first: first,
        second: second,
    }
    assert propose(merchant_id) == 0


def test_a_tablet_that_all_share_makes_no_match(merchant_id: int) -> None:
    tablet, number = Identifier("device", "ipad-in-the-shop"), new_phone()
    for day in range(1, 9):
        profile = replace(LI, name=f"顾客{day}甲", birthday=date(1980 + day, day, day), address="")
        resolve(merchant_id, tablet, number, new_open_id(), profile=profile)

    assert propose(merchant_id) == 0


def test_an_accepted_match_is_a_merge_that_can_be_undone(merchant_id: int) -> None:
    first, second = (make_person(merchant_id=merchant_id) for _ in range(2))
    propose(merchant_id)
    (match,) = customers.matches_page(merchant_id=merchant_id)

    merge = customers.accept_match(
        merchant_id=merchant_id, match_id=match.id, reason="same card shown", now=NOW
    )

    assert (merge.kept_id, merge.gone_id) == (first, second)
    (decided,) = customers.matches_page(merchant_id=merchant_id, state="accepted")
    assert (decided.reason, decided.decided_at) == ("same card shown", NOW)
    with pytest.raises(customers.MatchDecided):
        customers.reject_match(merchant_id=merchant_id, match_id=match.id, reason="or not", now=NOW)


def test_a_rejected_match_is_never_proposed_again(merchant_id: int) -> None:
    phone, open_id = new_phone(), new_open_id()
    first = make_person(merchant_id=merchant_id, identifiers=[phone])
    second = make_person(merchant_id=merchant_id, identifiers=[open_id])
    propose(merchant_id)
    (match,) = customers.matches_page(merchant_id=merchant_id)

    customers.reject_match(
        merchant_id=merchant_id, match_id=match.id, reason="father and son", now=NOW
    )

    assert propose(merchant_id) == 0
    found = resolve(merchant_id, phone, open_id)
    assert (found.person_id, found.merged) == (second, ())
    assert first != second
    assert customers.check_invariants(merchant_id=merchant_id) == []


def test_what_was_undone_is_not_proposed(merchant_id: int) -> None:
    first, second = (make_person(merchant_id=merchant_id) for _ in range(2))
    merge = customers.merge(
        merchant_id=merchant_id, first_id=first, second_id=second, reason="same", now=NOW
    )
    customers.undo_merge(merchant_id=merchant_id, merge_id=merge.id, reason="two", now=NOW)

    assert propose(merchant_id) == 0


def test_a_match_is_forgotten_with_its_persons(merchant_id: int) -> None:
    first, _ = (make_person(merchant_id=merchant_id) for _ in range(2))
    propose(merchant_id)

    erase(merchant_id, first)

    assert Match.objects.of_merchant(merchant_id).count() == 0
    assert propose(merchant_id) == 0
