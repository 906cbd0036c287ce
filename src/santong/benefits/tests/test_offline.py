"""A till takes coupons while nobody can be asked, and what two tills took is found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from santong.benefits import public as benefits
from santong.benefits.contracts import KINDS, Validity
from santong.benefits.contracts.offline import OfflineUse, UploadResult
from santong.benefits.events import CouponRedeemed, DoubleUseFound
from santong.benefits.rules.offline import OfflineCode, signed, verified
from santong.benefits.selectors.offline import double_uses, offline_code, public_keys
from santong.benefits.services.add_signing_key import add_signing_key
from santong.benefits.services.redeem_offline import redeem_offline
from santong.benefits.tests.factories import (
    NOW,
    facts_told,
    make_batch,
    make_coupon,
    new_key,
)
from santong.benefits.tests.races import AtOnce
from santong.benefits.tests.steps import back, end, redeem, state_of
from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid, NoSuch

PRIVATE = bytes(range(32))


def public_of(private: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PrivateKey,
    )

    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def use(code: str, **named: Any) -> OfflineUse:
    return OfflineUse(
        **{"key": new_key(), "code": code, "amount_minor": 300, "redeemed_at": NOW, **named}
    )


def upload(
    merchant_id: int, till: str, *uses: OfflineUse, now: datetime = NOW
) -> list[UploadResult]:
    return redeem_offline(merchant_id=merchant_id, till=till, uses=uses, now=now)


def a_code(merchant_id: int, **named: Any) -> tuple[benefits.Coupon, str]:
    if not public_keys(merchant_id=merchant_id):
        add_signing_key(merchant_id=merchant_id, reason="first", now=NOW)
    coupon = make_coupon(merchant_id=merchant_id, **named)
    return coupon, offline_code(merchant_id=merchant_id, coupon_id=coupon.id)


moments = st.integers(1, 2**32 - 2).map(
    lambda seconds: datetime.fromtimestamp(seconds, tz=NOW.tzinfo)
)


@given(
    st.builds(
        OfflineCode,
        key_version=st.integers(0, 255),
        merchant_id=st.integers(1, 2**63),
        coupon_id=st.integers(1, 2**63),
        batch_id=st.integers(1, 2**63),
        attempt=st.integers(0, 2**16 - 1),
        kind=st.sampled_from(KINDS),
        value=st.integers(0, 2**63),
        valid_from=st.just(datetime.fromtimestamp(0, tz=NOW.tzinfo)),
        valid_until=st.none() | moments.filter(lambda moment: moment > NOW),
    ),
    st.integers(min_value=0),
    st.integers(1, 255),
)
def test_a_till_reads_what_was_signed_and_nothing_else(
    code: OfflineCode, place: int, change: int
) -> None:
    text = signed(code, private=PRIVATE)
    named: dict[str, Any] = {
        "merchant_id": code.merchant_id,
        "public_by_version": {code.key_version: public_of(PRIVATE)},
        "at": NOW,
    }
    letters = list(text)
    place = 4 + place % (len(letters) - 5)
    letters[place] = "A" if letters[place] != "A" else "B"

    assert verified(text, **named) == code
    assert isinstance(verified("".join(letters), **named), str)
    assert len(text) < 200


@pytest.mark.parametrize("text", ["", "ST1.", "ST1.!!!!", "ST2.AAAA", "ST1." + "A" * 500, "ST1.é"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert verified(text, merchant_id=1, public_by_version={}, at=NOW) == "not a code"


def test_a_till_takes_a_coupon_offline_and_tells_it_later(merchant_id: int) -> None:
    coupon, code = a_code(merchant_id, member_id=17)
    told = use(code)

    first = upload(merchant_id, "till-1", told, now=NOW + timedelta(hours=5))
    again = upload(merchant_id, "till-1", told, now=NOW + timedelta(hours=6))

    assert [(each.outcome, each.is_new) for each in [*first, *again]] == [
        ("counted", True),
        ("counted", False),
    ]
    assert state_of(merchant_id, coupon) == "redeemed"
    assert len(facts_told(merchant_id=merchant_id, kind=CouponRedeemed)) == 1


def test_what_two_tills_took_is_counted_once_and_found(merchant_id: int) -> None:
    coupon, code = a_code(merchant_id)

    upload(merchant_id, "till-1", use(code))
    (second,) = upload(merchant_id, "till-2", use(code))

    (found,) = double_uses(merchant_id=merchant_id)
    assert (second.outcome, second.first_till) == ("double", "till-1")
    assert (found.coupon_id, found.till, found.first_till) == (coupon.id, "till-2", "till-1")
    assert facts_told(merchant_id=merchant_id, kind=DoubleUseFound) == [
        DoubleUseFound(coupon_id=coupon.id, first_till="till-1", second_till="till-2")
    ]
    assert len(facts_told(merchant_id=merchant_id, kind=CouponRedeemed)) == 1
    assert benefits.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_what_was_used_online_meanwhile_is_found_too(merchant_id: int) -> None:
    coupon, code = a_code(merchant_id)
    redeem(merchant_id, coupon)

    (told,) = upload(merchant_id, "till-1", use(code))

    assert (told.outcome, told.first_till) == ("double", "")


def test_a_coupon_that_expired_since_counts_if_it_held_then(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, validity=Validity(days=3))
    coupon, code = a_code(merchant_id, batch=batch)
    late = NOW + timedelta(days=4)
    benefits.expire_due(merchant_id=merchant_id, now=late)

    counted, refused = upload(
        merchant_id, "till-1", use(code), use(code, redeemed_at=late), now=late
    )

    assert counted.outcome == "counted"
    assert (refused.outcome, refused.why) == ("refused", "too late")
    assert state_of(merchant_id, coupon) == "redeemed"


def test_a_code_is_good_for_one_use(merchant_id: int) -> None:
    coupon, code = a_code(merchant_id)
    upload(merchant_id, "till-1", use(code))
    back(merchant_id, coupon)

    (again,) = upload(merchant_id, "till-1", use(code))
    fresh = offline_code(merchant_id=merchant_id, coupon_id=coupon.id)
    (anew,) = upload(merchant_id, "till-1", use(fresh))

    assert (again.outcome, anew.outcome) == ("double", "counted")


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ({"redeemed_at": NOW - timedelta(days=2)}, "too early"),
        ({"redeemed_at": NOW + timedelta(minutes=6)}, "in the future"),
        ({"code": "ST1.AAAA"}, "not a code"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(
    merchant_id: int, named: dict[str, Any], why: str
) -> None:
    coupon, code = a_code(merchant_id)

    (told,) = upload(merchant_id, "till-1", use(**{"code": code, **named}))

    assert (told.outcome, told.why) == ("refused", why)
    assert state_of(merchant_id, coupon) == "issued"


def test_a_void_coupon_is_refused(merchant_id: int) -> None:
    coupon, code = a_code(merchant_id)
    end(merchant_id, coupon)

    (told,) = upload(merchant_id, "till-1", use(code))

    assert (told.outcome, told.why) == ("refused", "void")


def test_codes_of_an_older_key_still_hold(merchant_id: int) -> None:
    _, code = a_code(merchant_id)
    add_signing_key(merchant_id=merchant_id, reason="yearly", now=NOW)

    (told,) = upload(merchant_id, "till-1", use(code))

    assert told.outcome == "counted"
    assert [key.version for key in public_keys(merchant_id=merchant_id)] == [2, 1]


def test_without_a_key_and_without_a_live_coupon_there_is_no_code(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id)

    with pytest.raises(NoSuch), transaction.atomic():
        offline_code(merchant_id=merchant_id, coupon_id=coupon.id)
    add_signing_key(merchant_id=merchant_id, reason="first", now=NOW)
    end(merchant_id, coupon)
    with pytest.raises(benefits.CouponStatePassed), transaction.atomic():
        offline_code(merchant_id=merchant_id, coupon_id=coupon.id)


@pytest.mark.parametrize(
    ("till", "keys"), [("", ["a"]), ("t" * 61, ["a"]), ("t", []), ("t", ["a", "a"]), ("t", [""])]
)
def test_uploads_that_make_no_sense_are_refused(
    merchant_id: int, till: str, keys: list[str]
) -> None:
    with pytest.raises(FieldInvalid), transaction.atomic():
        upload(merchant_id, till, *[use("ST1.A", key=key) for key in keys])


def test_tills_that_tell_at_once_are_counted_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        made = [a_code(merchant) for _ in range(4)]
    told = {till: [use(code) for _, code in made] for till in ("till-1", "till-2", "till-3")}

    def tell(till: str) -> list[UploadResult]:
        with tenancy.scope(merchant_id=merchant):
            return upload(merchant, till, *told[till])

    results = at_once(
        *[lambda till=till: tell(till) for till in told for _ in range(2)],
    )

    outcomes = [each.outcome for answer in results for each in answer if each.is_new]
    assert sorted(outcomes) == ["counted"] * 4 + ["double"] * 8
    with tenancy.scope(merchant_id=merchant):
        assert len(double_uses(merchant_id=merchant)) == 8
        assert benefits.check_invariants(merchant_id=merchant, now=NOW) == []


def test_another_context_has_its_own_words_signed_and_devices_verify_them(merchant_id: int) -> None:
    key = add_signing_key(merchant_id=merchant_id, reason="first", now=NOW)
    content = b"another context's word" + bytes(40)

    signature = benefits.signature_of(
        merchant_id=merchant_id, content=content, key_version=key.version
    )

    Ed25519PublicKey.from_public_bytes(key.public).verify(signature, content)
    with pytest.raises(NoSuch):
        benefits.signature_of(merchant_id=merchant_id, content=content, key_version=2)
