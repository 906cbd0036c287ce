"""As the brand's CRM: marketplaces call over HTTP and are answered in their own codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from santong.customers import public as customers
from santong.gateway import public as gateway
from santong.gateway.models import MemberSync
from santong.gateway.tests.factories import NOW
from santong.gateway.tests.platform import (
    BIND,
    BIND_QUERY,
    FORM,
    MEMBER_QUERY,
    REGISTER,
    XML,
    Shop,
    make_connected_shop,
    phone,
)
from santong.kernel import tenancy
from santong.membership.tests.factories import join_by_phone, make_programme

pytestmark = pytest.mark.usefixtures("database")

# Scope and its settings, then the questions, the log and the commit.
MOST_STATEMENTS = 10


@pytest.fixture
def shop(merchant: int) -> Shop:
    return make_connected_shop(merchant)


@pytest.fixture
def patient_shop(merchant: int) -> Shop:
    """Twenty who come at once wait for each other: whether in time, a race does not ask."""
    return make_connected_shop(merchant, answers_within_ms=30_000)


def test_a_phone_that_nobody_has_may_register(shop: Shop) -> None:
    answer = shop.platform.call(BIND_QUERY, {"mobile": phone(), "ouid": "AAH1"})

    assert answer == {"bind_code": "E04", "bindable": False}


def test_a_members_phone_is_bindable_with_points_and_card(shop: Shop) -> None:
    number = phone()
    shop.join(number, points=120)

    answer = shop.platform.call(BIND_QUERY, {"mobile": number, "ouid": "AAH1"})

    assert (answer["bindable"], answer["bind_code"]) == (True, "")
    assert answer["member"]["point"] == 120
    assert json.loads(answer["member"]["extend"])["card"]
    assert "mobile" not in json.dumps(answer)


def test_bound_unbound_and_bound_again(shop: Shop) -> None:
    number = phone()
    member_id = shop.join(number, points=30)
    asked = {"mobile": number, "taobao_nick": "santong测试", "ouid": "AAH1"}

    bound = shop.platform.call(BIND, {**asked, "type": "1"})
    query = shop.platform.call(BIND_QUERY, {"mobile": number, "ouid": "AAH1"})
    member = shop.platform.call(MEMBER_QUERY, {"ouid": "AAH1"})
    unbound = shop.platform.call(BIND, {**asked, "type": "2"})
    after = shop.platform.call(MEMBER_QUERY, {"mobile": number})
    again = shop.platform.call(BIND, {**asked, "type": 1})

    assert (bound["bind_code"], bound["member"]["point"]) == ("SUC", 30)
    assert (query["bind_code"], query["bindable"]) == ("E02", False)
    assert (member["query_code"], member["member"]["point"]) == ("SUC", 30)
    assert unbound == {"bind_code": "SUC"}
    assert after["query_code"] == "E02"
    assert again["bind_code"] == "SUC"
    assert shop.bindings(member_id) == ["unbound", "bound"]


def test_bound_twice_is_bound_once(shop: Shop) -> None:
    number = phone()
    member_id = shop.join(number)
    asked = {"mobile": number, "ouid": "AAH1", "type": "1"}

    answers = [shop.platform.call(BIND, {**asked, "extend": phone()}) for _ in range(3)]

    assert {answer["bind_code"] for answer in answers} == {"SUC"}
    assert shop.bindings(member_id) == ["bound"]
    with tenancy.scope(merchant_id=shop.merchant_id):
        (known,) = MemberSync.objects.of_merchant(shop.merchant_id)
    assert (known.member_id, known.wanted) == (member_id, 3)
    assert b"AAH1" not in bytes(known.identity_sealed)


def test_nobody_is_bound_to_a_stranger_or_twice_to_another_account(shop: Shop) -> None:
    number = phone()
    shop.join(number)
    shop.platform.call(BIND, {"mobile": number, "ouid": "AAH1", "type": "1"})

    stranger = shop.platform.call(BIND, {"mobile": phone(), "ouid": "AAH2", "type": "1"})
    another = shop.platform.call(BIND, {"mobile": number, "ouid": "AAH3", "type": "1"})

    assert (stranger["bind_code"], stranger["failMessage"]) == ("E01", "membership.not_a_member")
    assert (another["bind_code"], another["failMessage"]) == ("E01", "membership.already_bound")
    assert [call.outcome for call in shop.log()[:2]] == ["no", "no"]


def test_whoever_registers_is_a_member_also_when_asked_again(shop: Shop) -> None:
    number = phone()
    asked = {"mobile": number, "taobao_nick": "新会员", "ouid": "AAH9"}

    first = shop.platform.call(REGISTER, asked)
    again = shop.platform.call(REGISTER, asked)
    query = shop.platform.call(MEMBER_QUERY, {"mobile": number})

    assert (first["register_code"], first["member"]["point"]) == ("SUC", 0)
    assert again == first
    assert query["query_code"] == "SUC"


def test_an_old_card_is_found_by_whoever_registers(shop: Shop) -> None:
    number = phone()
    member_id = shop.join(number, points=77)

    answer = shop.platform.call(REGISTER, {"mobile": number, "ouid": "AAH4"})

    assert (answer["register_code"], answer["member"]["point"]) == ("SUC", 77)
    assert shop.bindings(member_id) == ["bound"]


def test_an_obfuscated_number_finds_the_member(merchant: int) -> None:
    shop = make_connected_shop(merchant, mix_key="Ab3dE9")
    member_id = shop.join("13800000000", points=5)
    asked = {"mix_mobile": "87ed83b244dc2a60dfa8b9725172e10f", "mix_nick": "t**"}

    query = shop.platform.call(BIND_QUERY, asked)
    bound = shop.platform.call(BIND, {**asked, "type": "1"})

    assert (query["bindable"], query["member"]["point"]) == (True, 5)
    assert bound["bind_code"] == "SUC"
    assert shop.bindings(member_id) == ["bound"]


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("tmall.crm.member.bind.query", "bind_code"),
        ("tmall.crm.bind", "bind_code"),
        ("tmall.crm.member.register", "register_code"),
        ("tmall.crm.member.query", "query_code"),
    ],
)
def test_the_spelling_of_2016_is_understood(shop: Shop, method: str, code: str) -> None:
    answer = shop.platform.call(method, {"mobile": phone(), "ouid": f"AAH{phone()}", "type": "1"})

    assert answer[code] in {"SUC", "E01", "E04"}


def test_forms_documents_and_signed_headers_are_read_alike(shop: Shop) -> None:
    number = phone()
    shop.join(number)
    document = f"<?xml version='1.0'?><request><mobile>{number}</mobile></request>".encode()

    answers = [
        shop.platform.call(BIND_QUERY, {"mobile": number, "empty": ""}, content_type=FORM),
        shop.platform.call(BIND_QUERY, body=document, content_type=XML),
        shop.platform.call(
            BIND_QUERY, {"mobile": number}, headers={"x-shop": "三通".encode().hex()}
        ),
        shop.platform.call(BIND_QUERY, {"mobile": number}, query={"customerId": ""}),
    ]

    assert [answer["bindable"] for answer in answers] == [True] * 4


@pytest.mark.parametrize(
    ("settings", "method", "code"),
    [
        ({"is_bind_query_allowed": False}, BIND_QUERY, "bind_code"),
        ({"is_registration_open": False}, REGISTER, "register_code"),
        ({"is_plain_registration_allowed": False}, REGISTER, "register_code"),
    ],
)
def test_what_is_not_permitted_is_not_done(
    merchant: int, settings: dict[str, bool], method: str, code: str
) -> None:
    shop = make_connected_shop(merchant, **settings)
    number = phone()

    answer = shop.platform.call(method, {"mobile": number, "ouid": "AAH1"})

    assert (answer[code], answer["failCode"]) == ("E05", "isv.permission-denied")
    assert shop.platform.call(MEMBER_QUERY, {"mobile": number})["query_code"] == "E01"


def test_a_paused_connection_answers_nothing(shop: Shop) -> None:
    number = phone()
    shop.join(number)
    with tenancy.scope(merchant_id=shop.merchant_id):
        gateway.pause_connection(
            merchant_id=shop.merchant_id,
            connection_id=shop.connection.id,
            reason="leak",
            now=NOW,
        )

    answer = shop.platform.call(BIND_QUERY, {"mobile": number})

    assert (answer["bind_code"], answer["bindable"]) == ("E05", False)


def test_the_log_names_nobody_and_is_there_for_every_signed_call(shop: Shop) -> None:
    number = phone()
    shop.join(number, points=4)
    asked = {"mobile": number, "taobao_nick": "李桂花", "ouid": "AAH-secret", "type": "1"}

    shop.platform.call(BIND, asked)

    (call,) = shop.log()
    assert (call.direction, call.method, call.outcome, call.code) == ("in", BIND, "ok", "SUC")
    assert call.request == {
        "mobile": f"***{number[-4:]}",
        "taobao_nick": "***",
        "ouid": "***",
        "type": "1",
    }
    assert call.answer["member"] == {"point": "4", "level": "", "extend": "***"}


def test_a_bind_query_takes_few_statements(shop: Shop) -> None:
    number = phone()
    shop.join(number, points=4)
    asked = {"mobile": number, "ouid": "AAH1"}
    shop.platform.call(BIND_QUERY, asked)

    with CaptureQueriesContext(database) as caught:
        shop.platform.call(BIND_QUERY, asked)

    assert len(caught) <= MOST_STATEMENTS, [query["sql"][:70] for query in caught]


def test_twenty_binds_at_once_bind_once(
    patient_shop: Shop, at_once: Callable[..., list[Any]]
) -> None:
    shop = patient_shop
    number = phone()
    member_id = shop.join(number)

    def bind() -> str:
        asked = {"mobile": number, "ouid": "AAH1", "type": "1", "extend": phone()}
        return str(shop.platform.call(BIND, asked)["bind_code"])

    answers = at_once(*[bind] * 20)

    assert set(answers) == {"SUC"}
    assert shop.bindings(member_id) == ["bound"]


def test_twenty_registrations_at_once_make_one_member(
    patient_shop: Shop, at_once: Callable[..., list[Any]]
) -> None:
    shop = patient_shop
    number = phone()

    def register() -> dict[str, Any]:
        asked = {"mobile": number, "ouid": "AAH1", "extend": phone()}
        return shop.platform.call(REGISTER, asked)

    answers = at_once(*[register] * 20)

    assert {answer["register_code"] for answer in answers} == {"SUC"}
    assert len({json.dumps(answer) for answer in answers}) == 1


def test_a_storefront_learns_nothing_of_members_of_another_brand(shop: Shop) -> None:
    here, elsewhere = phone(), phone()
    member_id = shop.join(here, points=30)
    shop.platform.call(BIND, {"mobile": here, "taobao_nick": "shared", "ouid": "AAH1", "type": "1"})
    with tenancy.scope(merchant_id=shop.merchant_id):
        other = make_programme(merchant_id=shop.merchant_id)
        stranger = join_by_phone(merchant_id=shop.merchant_id, programme=other, phone=elsewhere)
        customers.attach(
            merchant_id=shop.merchant_id,
            person_id=stranger.member.person_id,
            identifiers=[customers.Identifier("union", "U-1", shop.platform.app_key)],
            source="test",
            now=NOW,
        )

    by_phone = shop.platform.call(BIND_QUERY, {"mobile": elsewhere, "ouid": "AAH2"})
    by_account = shop.platform.call(MEMBER_QUERY, {"union_id": "U-1"})
    by_both = shop.platform.call(MEMBER_QUERY, {"union_id": "U-1", "ouid": "AAH1"})

    assert by_phone == {"bind_code": "E04", "bindable": False}
    assert by_account == {"query_code": "E01"}
    # Of two whom the account might mean, the one of another brand is nobody here.
    assert (by_both["query_code"], by_both["member"]["point"]) == ("SUC", 30)
    assert shop.bindings(member_id) == ["bound"]
