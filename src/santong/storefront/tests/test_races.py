"""What happens when two come at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from santong.customers import public as customers
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.merchants.tests.factories import NOW
from santong.storefront.contracts import Agreed, Issued, Opened
from santong.storefront.errors import CodeOver
from santong.storefront.models import MemberSession, OneTimeCode
from santong.storefront.services.ask_for_code import ask_for_code
from santong.storefront.services.enter import enter
from santong.storefront.services.join import join
from santong.storefront.services.try_code import try_code
from santong.storefront.tests.factories import Buyer, Shop, new_phone

AtOnce = Callable[..., list[Any]]

AGREED = Agreed(membership=True, marketing=False, version="2026-11", language="en")


def in_scope(shop: Shop, act: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        with tenancy.scope(merchant_id=shop.merchant_id):
            return act()

    return run


def asked(shop: Shop, phone: str) -> Issued:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return ask_for_code(merchant_id=shop.merchant_id, phone=phone, purpose="log_in", now=NOW)


def test_one_code_typed_in_ten_windows_at_once_proves_once(shop: Shop, at_once: AtOnce) -> None:
    issued = asked(shop, "+8613800000001")

    def type_it() -> str:
        return try_code(
            merchant_id=shop.merchant_id,
            ticket=issued.ticket,
            code=issued.code,
            purpose="log_in",
            now=NOW,
        ).answer

    answers = at_once(*[in_scope(shop, type_it) for _ in range(10)])

    assert sorted(answers) == ["over"] * 9 + ["proved"]


def test_twenty_guesses_at_once_are_five(shop: Shop, at_once: AtOnce) -> None:
    issued = asked(shop, "+8613800000002")
    wrong = f"{(int(issued.code) + 1) % 1_000_000:06}"

    def guess() -> str:
        return try_code(
            merchant_id=shop.merchant_id,
            ticket=issued.ticket,
            code=wrong,
            purpose="log_in",
            now=NOW,
        ).answer

    answers = at_once(*[in_scope(shop, guess) for _ in range(20)])

    assert answers.count("wrong") == 4
    assert answers.count("over") == 16
    with tenancy.scope(merchant_id=shop.merchant_id):
        assert OneTimeCode.objects.of_merchant(shop.merchant_id).get().tries == 5


def test_a_proof_that_is_used_twice_at_once_opens_one_session(shop: Shop, at_once: AtOnce) -> None:
    buyer = Buyer(shop)
    buyer.join()
    ticket = proved(shop, f"+86{buyer.phone}")

    def go_in() -> Any:
        return enter(merchant_id=shop.merchant_id, ticket=ticket, now=NOW)

    results = at_once(*[in_scope(shop, go_in) for _ in range(8)])

    assert sum(isinstance(each, CodeOver) for each in results) == 7
    assert sessions_of(shop) == 2


def test_a_new_member_who_taps_six_times_is_one_member_with_one_session(
    shop: Shop, at_once: AtOnce
) -> None:
    ticket = proved(shop, f"+86{new_phone()}")

    results = at_once(*[in_scope(shop, lambda: come(shop, ticket)) for _ in range(6)])

    assert sum(isinstance(each, CodeOver) for each in results) == 5
    assert len(members_of(shop)) == 1
    assert sessions_of(shop) == 1


def test_who_joins_by_phone_and_at_tills_at_once_is_one_member(shop: Shop, at_once: AtOnce) -> None:
    phone = f"+86{new_phone()}"
    ticket = proved(shop, phone)

    def at_the_till() -> Any:
        person = customers.resolve(
            merchant_id=shop.merchant_id,
            identifiers=[customers.Identifier("phone", phone)],
            profile=None,
            source="pos",
            now=NOW,
        )
        return membership.enrol(
            merchant_id=shop.merchant_id,
            programme_code=shop.programme.code,
            person_id=person.person_id,
            source=membership.JoinSource(kind="till", channel="pos"),
            now=NOW,
        ).member.id

    here, *tills = at_once(
        in_scope(shop, lambda: come(shop, ticket).member_id),
        *[in_scope(shop, at_the_till) for _ in range(5)],
    )

    assert set(tills) == {here}
    assert [each.id for each in members_of(shop)] == [here]
    assert sessions_of(shop) == 1


def proved(shop: Shop, phone: str) -> str:
    """The ticket of a browser that has typed the right code."""
    issued = asked(shop, phone)
    with tenancy.scope(merchant_id=shop.merchant_id):
        tried = try_code(
            merchant_id=shop.merchant_id,
            ticket=issued.ticket,
            code=issued.code,
            purpose="log_in",
            now=NOW,
        )
    assert tried.answer == "proved"
    return issued.ticket


def come(shop: Shop, ticket: str) -> Opened:
    return join(merchant_id=shop.merchant_id, ticket=ticket, agreed=AGREED, now=NOW)


def members_of(shop: Shop) -> list[membership.Member]:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return membership.members_page(merchant_id=shop.merchant_id, before_id=2**62, limit=10)


def sessions_of(shop: Shop) -> int:
    with tenancy.scope(merchant_id=shop.merchant_id):
        return int(MemberSession.objects.of_merchant(shop.merchant_id).count())
