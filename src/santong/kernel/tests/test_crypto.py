"""Personal data at rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from cryptography.exceptions import InvalidTag
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.kernel import crypto, tenancy
from santong.kernel.models import DataKey

HERE = "orders.recipient:tmall:8817"


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plain=st.binary(max_size=300))
def test_what_was_sealed_opens_at_its_place(merchant_id: int, plain: bytes) -> None:
    sealed = crypto.encrypt(merchant_id=merchant_id, plain=plain, place=HERE)

    assert crypto.decrypt(merchant_id=merchant_id, sealed=sealed, place=HERE) == plain


def test_a_ciphertext_that_is_moved_does_not_open(merchant_id: int) -> None:
    sealed = crypto.encrypt(merchant_id=merchant_id, plain=b"phone", place=HERE)

    with pytest.raises(InvalidTag):
        crypto.decrypt(merchant_id=merchant_id, sealed=sealed, place="orders.recipient:tmall:1")


def test_a_ciphertext_of_another_merchant_does_not_open(
    new_merchant: Callable[..., int],
) -> None:
    ours, theirs = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=theirs):
        sealed = crypto.encrypt(merchant_id=theirs, plain=b"phone", place=HERE)

    with tenancy.scope(merchant_id=ours), pytest.raises(InvalidTag):
        crypto.decrypt(merchant_id=ours, sealed=sealed, place=HERE)


def test_one_changed_bit_is_noticed(merchant_id: int) -> None:
    sealed = crypto.encrypt(merchant_id=merchant_id, plain=b"phone", place=HERE)

    with pytest.raises(InvalidTag):
        crypto.decrypt(
            merchant_id=merchant_id, sealed=sealed[:-1] + bytes([sealed[-1] ^ 1]), place=HERE
        )


def test_the_same_plain_text_is_never_sealed_the_same_way(merchant_id: int) -> None:
    sealed = {
        crypto.encrypt(merchant_id=merchant_id, plain=b"phone", place=HERE) for _ in range(100)
    }

    assert len(sealed) == 100


def test_equal_values_have_equal_blind_indexes_in_one_merchant_and_purpose(
    new_merchant: Callable[..., int],
) -> None:
    ours, theirs = new_merchant(), new_merchant()

    with tenancy.scope(merchant_id=ours):
        first = crypto.blind_index(merchant_id=ours, value="13800000000", purpose="phone")
        again = crypto.blind_index(merchant_id=ours, value="13800000000", purpose="phone")
        other = crypto.blind_index(merchant_id=ours, value="13800000001", purpose="phone")
        name = crypto.blind_index(merchant_id=ours, value="13800000000", purpose="name")
    with tenancy.scope(merchant_id=theirs):
        foreign = crypto.blind_index(merchant_id=theirs, value="13800000000", purpose="phone")

    assert first == again
    assert len({first, other, name, foreign}) == 4
    assert len(first) == 16


def test_a_data_key_is_made_once(merchant_id: int, now: datetime) -> None:
    before = bytes(DataKey.objects.get().wrapped)

    crypto.create_data_key(merchant_id=merchant_id, now=now)

    assert bytes(DataKey.objects.get().wrapped) == before


def test_without_the_master_key_nothing_opens(merchant_id: int) -> None:
    sealed = crypto.encrypt(merchant_id=merchant_id, plain=b"phone", place=HERE)
    crypto.forget_keys()

    with (
        override_settings(SANTONG_MASTER_KEY="AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        pytest.raises(InvalidTag),
    ):
        crypto.decrypt(merchant_id=merchant_id, sealed=sealed, place=HERE)
