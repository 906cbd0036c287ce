"""An operator ends one binding without knowing the account's name."""

from __future__ import annotations

import pytest

from santong.kernel.errors import FieldInvalid, NoSuch
from santong.membership import public as membership
from santong.membership.events import MemberUnbound
from santong.membership.tests.factories import (
    NOW,
    account,
    facts_told,
    join_by_phone,
    make_programme,
    make_shop,
    new_phone,
)


def bound(merchant_id: int) -> membership.Bound:
    programme = make_programme(merchant_id=merchant_id)
    phone = new_phone()
    join_by_phone(merchant_id=merchant_id, programme=programme, phone=phone)
    return membership.bind(
        merchant_id=merchant_id,
        storefront_code=make_shop(merchant_id=merchant_id, programme=programme),
        phone=phone,
        identities=[account()],
        now=NOW,
    )


def unbind(merchant_id: int, member_id: int, binding_id: int, reason: str = "asked") -> bool:
    return membership.unbind_account(
        merchant_id=merchant_id,
        member_id=member_id,
        binding_id=binding_id,
        reason=reason,
        now=NOW,
    )


def test_one_binding_ends_once_and_is_told_once(merchant_id: int) -> None:
    one = bound(merchant_id)

    first = unbind(merchant_id, one.member.id, one.binding.id)
    second = unbind(merchant_id, one.member.id, one.binding.id)

    (kept,) = membership.bindings_of(merchant_id=merchant_id, member_id=one.member.id)
    assert (first, second) == (True, False)
    assert kept.state == "unbound"
    assert len(facts_told(merchant_id=merchant_id, kind=MemberUnbound)) == 1


def test_a_binding_of_somebody_else_is_not_there(merchant_id: int) -> None:
    one, other = bound(merchant_id), bound(merchant_id)

    with pytest.raises(NoSuch):
        unbind(merchant_id, one.member.id, other.binding.id)


def test_it_takes_a_reason(merchant_id: int) -> None:
    one = bound(merchant_id)

    with pytest.raises(FieldInvalid):
        unbind(merchant_id, one.member.id, one.binding.id, reason="")
