"""A copy of one's data, and erasure, over HTTP."""

from __future__ import annotations

import json

from django.apps import apps
from django.db import connection

from santong.customers import public as customers
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.storefront.models import KeptMessage, MemberSession, OneTimeCode
from santong.storefront.tests.factories import Buyer, Shop, tell_all, text_of, wait_a_day


def member_of(shop: Shop) -> membership.Member:
    with tenancy.scope(merchant_id=shop.merchant_id):
        (found,) = membership.members_page(merchant_id=shop.merchant_id, before_id=2**62, limit=10)
        return found


def tables_with(merchant_id: int, text: str) -> set[str]:
    """Tables in which a text stands anywhere in a row of the merchant."""
    found: set[str] = set()
    with tenancy.scope(merchant_id=merchant_id), connection.cursor() as cursor:
        for model in apps.get_models():
            if not any(field.column == "merchant_id" for field in model._meta.concrete_fields):
                continue
            table = model._meta.db_table
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE to_jsonb(t)::text LIKE %s',  # noqa: S608  our own table
                [f"%{text}%"],
            )
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def test_a_member_gets_a_copy_of_what_is_kept(buyer: Buyer) -> None:
    buyer.join()

    answer = buyer.send("data/export/")

    copy = json.loads(answer.content)
    assert answer["Content-Disposition"] == f'attachment; filename="{buyer.shop.code}.json"'
    assert {"customers", "membership", "storefront"} <= copy.keys()
    assert buyer.phone in answer.content.decode()
    assert len(copy["storefront"]["sessions"]) == 1


def test_a_copy_is_given_to_nobody_else(buyer: Buyer) -> None:
    buyer.join()
    stranger = Buyer(buyer.shop)

    assert stranger.send("data/export/").status_code == 302
    assert buyer.open("data/export/").status_code == 405


def test_a_member_is_erased_with_a_code_and_found_nowhere(buyer: Buyer) -> None:
    buyer.join()
    person_id = member_of(buyer.shop).person_id
    wait_a_day(buyer)

    asked = buyer.send("data/erase/")
    gone = buyer.send("data/erase/code/", code=buyer.code())
    tell_all()

    merchant_id = buyer.shop.merchant_id
    assert asked["Location"] == buyer.shop.path("data/erase/code/")
    assert gone.status_code == 200
    assert "Goodbye" in text_of(gone)
    assert tables_with(merchant_id, buyer.phone) == set()
    assert buyer.open("card/").status_code == 302
    with tenancy.scope(merchant_id=merchant_id):
        person = customers.person_by_id(merchant_id=merchant_id, person_id=person_id)
        left = [
            model.objects.of_merchant(merchant_id).count()
            for model in (MemberSession, OneTimeCode, KeptMessage)
        ]
    assert (person.state, person.name, person.phone) == ("erased", "", "")
    assert left == [0, 0, 0]


def test_the_same_phone_may_join_anew_as_somebody_else(buyer: Buyer) -> None:
    buyer.join()
    before = member_of(buyer.shop).id
    wait_a_day(buyer)
    buyer.send("data/erase/")
    buyer.send("data/erase/code/", code=buyer.code())
    wait_a_day(buyer)

    again = Buyer(buyer.shop, phone=buyer.phone)
    again.join()

    with tenancy.scope(merchant_id=buyer.shop.merchant_id):
        members = membership.members_page(
            merchant_id=buyer.shop.merchant_id, before_id=2**62, limit=10
        )
    assert {each.state for each in members if each.id == before} == {"closed"}
    assert {each.state for each in members if each.id != before} == {"active"}


def test_a_wrong_code_erases_nobody(buyer: Buyer) -> None:
    buyer.join()
    wait_a_day(buyer)
    buyer.send("data/erase/")
    wrong = f"{(int(buyer.code()) + 1) % 1_000_000:06}"

    answers = [buyer.send("data/erase/code/", code=wrong) for _ in range(5)]
    late = buyer.send("data/erase/code/", code=buyer.code())

    assert [each.status_code for each in answers] == [403, 403, 403, 403, 409]
    assert late.status_code in {302, 409}
    assert member_of(buyer.shop).state == "active"


def test_a_code_for_logging_in_erases_nobody(buyer: Buyer) -> None:
    buyer.join()
    wait_a_day(buyer)
    buyer.ask()

    answer = buyer.send("data/erase/code/", code=buyer.code())

    assert answer["Location"] == buyer.shop.path("data/erase/")
    assert member_of(buyer.shop).state == "active"


def test_whoever_is_not_in_erases_nobody(buyer: Buyer) -> None:
    answers = [buyer.send(page) for page in ("data/erase/", "data/erase/code/")]

    assert [each["Location"] for each in answers] == [buyer.shop.path("log-in/")] * 2


def test_codes_for_erasure_are_limited_like_others(buyer: Buyer) -> None:
    buyer.join()

    answer = buyer.send("data/erase/")

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
