"""Names that are known over all cells."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from santong.kernel import names, tenancy

AtOnce = Callable[..., list[Any]]


def take(name: str, merchant_id: int) -> bool:
    with tenancy.scope(merchant_id=merchant_id):
        return names.take(kind="app", name=name, merchant_id=merchant_id)


@pytest.fixture
def name(database: None) -> str:
    return uuid.uuid4().hex


def test_a_name_leads_to_the_merchant_who_took_it(name: str, merchant: int) -> None:
    assert names.merchant_of(kind="app", name=name) is None

    assert take(name, merchant)

    assert names.merchant_of(kind="app", name=name) == merchant
    assert names.merchant_of(kind="other", name=name) is None
    assert take(name, merchant), "taken again by its own merchant"


def test_what_is_taken_is_not_given_to_another_until_it_is_released(
    name: str, new_merchant: Callable[..., int]
) -> None:
    first, second = new_merchant(), new_merchant()
    assert take(name, first)

    assert not take(name, second)
    with tenancy.scope(merchant_id=second):
        names.release(kind="app", name=name, merchant_id=second)
    assert names.merchant_of(kind="app", name=name) == first
    with tenancy.scope(merchant_id=first):
        names.release(kind="app", name=name, merchant_id=first)

    assert take(name, second)
    assert names.merchant_of(kind="app", name=name) == second


def test_of_many_at_once_one_gets_it(
    name: str, new_merchant: Callable[..., int], at_once: AtOnce
) -> None:
    merchants = [new_merchant() for _ in range(4)]

    got = at_once(*[lambda each=each: take(name, each) for each in merchants])

    assert sorted(got) == [False, False, False, True]
    assert names.merchant_of(kind="app", name=name) == merchants[got.index(True)]


def test_what_is_rolled_back_was_never_taken(name: str, merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        names.take(kind="app", name=name, merchant_id=merchant)
        assert names.merchant_of(kind="app", name=name) == merchant
        transaction.set_rollback(True)

    assert names.merchant_of(kind="app", name=name) is None
