"""A store takes a code: once, wherever and however often it is tried."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.benefits.tests.factories import make_signing_key
from santong.kernel.errors import FieldInvalid
from santong.stagedsales.contracts import OfflineRedemption, Redemption, SyncResult
from santong.stagedsales.errors import (
    AlreadyRedeemed,
    CodeMisread,
    CodeOver,
    CodeRefused,
    NonceTaken,
    TooManyCodeTries,
)
from santong.stagedsales.events import CodeRedeemed, DoubleRedemptionFound
from santong.stagedsales.rules.codes import code_of
from santong.stagedsales.selectors.sales import double_redemptions
from santong.stagedsales.selectors.scanned import scanned_form
from santong.stagedsales.selectors.sealing import code_key
from santong.stagedsales.services.cancel_sale import cancel_sale
from santong.stagedsales.services.expire_sales import expire_sales
from santong.stagedsales.services.redeem import MOST_TRIES, redeem
from santong.stagedsales.services.sync_redemptions import sync_redemptions
from santong.stagedsales.tests.factories import (
    NOW,
    TERMS,
    assert_sound,
    facts_told,
    make_place,
    make_plan,
    new_key,
    see,
    with_code,
)

OVER = NOW + timedelta(days=TERMS.code_days)


def take(merchant_id: int, code: str, **given: Any) -> Any:
    asked: dict[str, Any] = {
        "location_id": given.pop("location_id", 0) or make_place(merchant_id),
        "device": "till-1",
        "nonce": new_key(),
        "now": NOW,
        **given,
    }
    return redeem(merchant_id=merchant_id, code=code, **asked)


def test_a_store_takes_a_code(merchant_id: int) -> None:
    sale_id, code = with_code(merchant_id=merchant_id)
    place = make_place(merchant_id)

    taken = take(merchant_id, f"{code[:4]} {code[4:8]}-{code[8:]}", location_id=place)

    assert isinstance(taken, Redemption)
    sale = see(merchant_id, sale_id)
    assert (sale.state, sale.location_id) == ("redeemed", place)
    (told,) = facts_told(merchant_id, CodeRedeemed)
    assert (told.location_id, told.was_offline) == (place, False)
    assert_sound(merchant_id)


def test_the_same_nonce_gets_the_first_answer_and_another_learns_who_was_first(
    merchant_id: int,
) -> None:
    _, code = with_code(merchant_id=merchant_id)
    place = make_place(merchant_id)
    first = take(merchant_id, code, location_id=place, nonce="n-1")

    later = NOW + timedelta(hours=1)
    again = take(merchant_id, code, location_id=place, nonce="n-1", now=later)
    with pytest.raises(AlreadyRedeemed) as refused, transaction.atomic():
        take(merchant_id, code, device="till-2", nonce="n-1", now=later)

    assert (again.is_repeat, again.redeemed_at) == (True, first.redeemed_at)
    assert (refused.value.redeemed_at, refused.value.location_id) == (NOW, str(place))
    assert len(facts_told(merchant_id, CodeRedeemed)) == 1


def test_a_nonce_names_one_code(merchant_id: int) -> None:
    _, first = with_code(merchant_id=merchant_id)
    _, second = with_code(merchant_id=merchant_id)
    take(merchant_id, first, nonce="n-1")

    with pytest.raises(NonceTaken):
        take(merchant_id, second, nonce="n-1")


def test_what_was_misread_counts_for_nothing(merchant_id: int) -> None:
    _, code = with_code(merchant_id=merchant_id)
    wrong = code[:3] + str((int(code[3]) + 1) % 10) + code[4:]

    for _ in range(2 * MOST_TRIES):
        with pytest.raises(CodeMisread), transaction.atomic():
            take(merchant_id, wrong)

    assert isinstance(take(merchant_id, code), Redemption)


def test_who_guesses_waits_and_the_right_code_waits_with_them(merchant_id: int) -> None:
    _, code = with_code(merchant_id=merchant_id)
    key = code_key(merchant_id=merchant_id)
    guesses = [code_of(number.to_bytes(16), key=key) for number in range(MOST_TRIES)]

    answers = [take(merchant_id, guess) for guess in guesses]
    blocked = take(merchant_id, code)

    assert all(isinstance(answer, CodeRefused) for answer in answers)
    assert isinstance(blocked, TooManyCodeTries)
    after = NOW + timedelta(seconds=blocked.retry_after_seconds)
    assert isinstance(take(merchant_id, code, now=after), Redemption)


def test_a_code_holds_until_its_time_is_over(merchant_id: int) -> None:
    _, code = with_code(merchant_id=merchant_id)
    _, other = with_code(merchant_id=merchant_id)

    with pytest.raises(CodeOver) as refused, transaction.atomic():
        take(merchant_id, code, now=OVER)
    assert refused.value.state == "expired"
    assert isinstance(take(merchant_id, other, now=OVER - timedelta(seconds=1)), Redemption)


def test_a_cancelled_sale_has_no_code(merchant_id: int) -> None:
    sale_id, code = with_code(merchant_id=merchant_id)
    cancel_sale(merchant_id=merchant_id, sale_id=sale_id, fault="shop", reason="sold out", now=NOW)

    with pytest.raises(CodeOver) as refused:
        take(merchant_id, code)

    assert refused.value.state == "void"


def offline(code: str, **given: Any) -> OfflineRedemption:
    return OfflineRedemption(**{"nonce": new_key(), "code": code, "redeemed_at": NOW, **given})


def sync(merchant_id: int, device: str, *rows: OfflineRedemption, **given: Any) -> list[SyncResult]:
    asked = {"location_id": 0, "now": NOW, **given}
    asked["location_id"] = asked["location_id"] or make_place(merchant_id)
    return sync_redemptions(merchant_id=merchant_id, device=device, rows=rows, **asked)


def test_of_two_devices_that_were_offline_the_first_that_tells_has_it(merchant_id: int) -> None:
    sale_id, code = with_code(merchant_id=merchant_id)
    place = make_place(merchant_id)
    mine, theirs = offline(code), offline(code, redeemed_at=NOW - timedelta(minutes=1))

    (first,) = sync(merchant_id, "phone-1", mine, location_id=place)
    (second,) = sync(merchant_id, "phone-2", theirs)
    (again,) = sync(merchant_id, "phone-2", theirs)

    assert (first.outcome, first.is_new) == ("confirmed", True)
    assert (second.outcome, second.first_location_id, second.first_at) == ("double", place, NOW)
    assert (again.outcome, again.is_new) == ("double", False)
    (shown,) = double_redemptions(merchant_id=merchant_id)
    assert (shown.sale_id, shown.device, shown.first_device) == (sale_id, "phone-2", "phone-1")
    assert len(facts_told(merchant_id, DoubleRedemptionFound)) == 1
    assert_sound(merchant_id)


def test_a_code_that_ended_since_counts_until_its_deposit_went_back(merchant_id: int) -> None:
    sale_id, code = with_code(merchant_id=merchant_id)
    _, other = with_code(merchant_id=merchant_id)
    taken_at = OVER - timedelta(minutes=1)
    in_grace = OVER + timedelta(hours=1)
    too_late = OVER + timedelta(hours=TERMS.grace_hours)

    (kept,) = sync(merchant_id, "phone", offline(code, redeemed_at=taken_at), now=in_grace)
    expire_sales(merchant_id=merchant_id, now=too_late)
    (gone,) = sync(merchant_id, "phone", offline(other, redeemed_at=taken_at), now=too_late)

    assert kept.outcome == "confirmed"
    assert see(merchant_id, sale_id).code.redeemed_at == taken_at  # type: ignore[union-attr]  # it has one
    assert (gone.outcome, gone.why) == ("refused", "expired")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"redeemed_at": NOW + timedelta(hours=1)}, "in the future"),
        ({"redeemed_at": OVER, "code": ""}, "in the future"),
        ({"code": "123456789012"}, "no such code"),
        ({"code": "SS1.nothing"}, "not a code"),
    ],
)
def test_rows_that_do_not_hold_are_refused_one_by_one(
    merchant_id: int, given: dict[str, Any], why: str
) -> None:
    _, code = with_code(merchant_id=merchant_id)

    refused, fine = sync(merchant_id, "phone", offline(**{"code": code, **given}), offline(code))

    assert (refused.outcome, refused.why) == ("refused", why)
    assert fine.outcome == "confirmed"


def test_a_device_that_guesses_offline_is_stopped_as_well(merchant_id: int) -> None:
    key = code_key(merchant_id=merchant_id)
    guesses = [offline(code_of(number.to_bytes(16), key=key)) for number in range(MOST_TRIES + 2)]

    told = sync(merchant_id, "phone", *guesses)

    assert [each.why for each in told].count("too many tries") == 2


def test_the_signed_form_is_scanned_online_and_offline(merchant_id: int) -> None:
    make_signing_key(merchant_id)
    plan = make_plan(merchant_id=merchant_id, signs_codes=True)
    first, code = with_code(merchant_id=merchant_id, plan=plan)
    second, _ = with_code(merchant_id=merchant_id, plan=plan)
    forms = [scanned_form(merchant_id=merchant_id, sale_id=each) for each in (first, second)]

    online = take(merchant_id, forms[0])
    (told,) = sync(merchant_id, "phone", offline(forms[1]))

    assert forms[0].startswith("SS1.")
    assert code not in forms[0]
    assert online.sale_id == first
    assert (told.outcome, told.sale_id) == ("confirmed", second)


def test_without_the_signed_form_the_number_itself_is_scanned(merchant_id: int) -> None:
    sale_id, code = with_code(merchant_id=merchant_id)

    assert scanned_form(merchant_id=merchant_id, sale_id=sale_id) == code


@pytest.mark.parametrize("nonces", [[], ["a", "a"], [""]])
def test_batches_that_make_no_sense_are_refused(merchant_id: int, nonces: list[str]) -> None:
    with pytest.raises(FieldInvalid):
        sync(merchant_id, "phone", *[offline("1", nonce=nonce) for nonce in nonces])


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    story=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=12
    )
)
def test_in_whatever_order_devices_come_every_code_counts_once(
    merchant_id: int, story: list[tuple[int, int, int]]
) -> None:
    """Three devices, three codes; some are online, some tell later what they took, some twice."""
    block = transaction.atomic()
    block.__enter__()
    try:
        made = [with_code(merchant_id=merchant_id) for _ in range(3)]
        place = make_place(merchant_id)
        won: dict[int, int] = {}
        for device, which, how in story:
            sale_id, code = made[which]
            name, nonce = f"device-{device}", f"{device}-{which}"
            before = won.get(sale_id)
            if how == 0:
                answer = _online(merchant_id, code, place, name, nonce)
                got_it = isinstance(answer, Redemption)
            else:
                row = offline(code, nonce=nonce, redeemed_at=NOW - timedelta(minutes=how))
                (told,) = sync(merchant_id, name, row, location_id=place)
                got_it = told.outcome == "confirmed"
            assert got_it == (before in {None, device})
            won.setdefault(sale_id, device)
        assert len(facts_told(merchant_id, CodeRedeemed)) >= len(won)
        assert_sound(merchant_id)
    finally:
        transaction.set_rollback(True)
        block.__exit__(None, None, None)


def _online(merchant_id: int, code: str, place: int, device: str, nonce: str) -> Any:
    try:
        with transaction.atomic():
            return take(merchant_id, code, location_id=place, device=device, nonce=nonce)
    except AlreadyRedeemed as refused:
        return refused
