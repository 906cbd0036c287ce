"""Members over the router: a shopper joins, is bound, is seen, and is bound no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.tests.factories import make_programme, make_shop
from santong.topgateway import errors
from santong.topgateway.public import check_invariants
from santong.topgateway.tests.factories import APP_KEY, NOW, Shop

PHONE, NICK = "13800000000", "santong测试"
TERMS = membership.Terms(
    tiers=(
        membership.Tier(code="basic", name="普通", threshold=0),
        membership.Tier(code="gold", name="金卡", threshold=1_000),
    ),
    rules=(membership.AccrualRule(code="yuan", points=1, per_minor=100),),
)


@pytest.fixture
def storefront(shop: Shop) -> str:
    with tenancy.scope(merchant_id=shop.merchant_id):
        programme = make_programme(merchant_id=shop.merchant_id, code="chunxiao")
        return make_shop(merchant_id=shop.merchant_id, programme=programme, code="tmall-1")


@pytest.mark.parametrize("family", ["tmall.mei.crm", "tmall.crm"])
def test_a_shopper_joins_is_bound_and_bound_no_more(
    shop: Shop, storefront: str, family: str
) -> None:
    who: dict[str, Any] = {"seller_name": storefront, "mobile": PHONE, "taobao_nick": NICK}

    nobody = shop.result(f"{family}.member.bind.query", **who)
    refused = shop.result(f"{family}.bind", **who, type="1")
    joined = shop.result(f"{family}.member.register", **who)
    known = shop.result(f"{family}.member.bind.query", **who)
    off = shop.result(f"{family}.bind", **who, type="2")
    free = shop.result(f"{family}.member.bind.query", **who, extend="again")
    on = shop.result(f"{family}.bind", **who, type="1", extend="again")
    seen = shop.result(f"{family}.member.query", **who)

    assert (nobody["bindable"], nobody["bind_code"]) == (False, "E04")
    assert (refused["bind_code"], refused["bind_message"]) == ("E01", "membership.not_a_member")
    assert (joined["register_code"], joined["member"]["point"]) == ("SUC", 0)
    assert known["bind_code"] == "E02"
    assert off["bind_code"] == on["bind_code"] == seen["query_code"] == "SUC"
    assert (free["bindable"], free["bind_code"]) == (True, "")
    assert seen["member"] == on["member"] == joined["member"]


def test_an_obfuscated_number_and_an_id_of_the_application_bind_too(
    shop: Shop, storefront: str
) -> None:
    shop.result("tmall.mei.crm.member.register", mobile=PHONE, ouid="o-1")

    other = shop.result("tmall.mei.crm.bind", mobile="13900000000", ouid="o-1", type="1")
    wrong = shop.call("tmall.mei.crm.bind", mix_mobile="x", ouid="o-1", type="1")["error_response"]
    unnamed = shop.call("tmall.mei.crm.bind", mobile=PHONE, type="1")["error_response"]
    elsewhere = shop.call("tmall.mei.crm.bind.query", mobile=PHONE)["error_response"]
    shopless = shop.call("tmall.crm.member.query", mobile=PHONE, seller_name="x")["error_response"]

    assert other["bind_code"] == "E01"
    assert (wrong["code"], wrong["sub_msg"]) == (
        errors.INVALID_ARGUMENTS,
        "mix_mobile: 32 hex digits",
    )
    assert unnamed["code"] == errors.MISSING_ARGUMENTS
    assert elsewhere["code"] == errors.INVALID_METHOD
    assert shopless["sub_code"] == "isv.seller-not-exist"


def test_two_shoppers_of_one_account_at_once_are_one_binding(
    shop: Shop, storefront: str, at_once: Callable[..., list[Any]]
) -> None:
    phones = [f"1380000000{number}" for number in range(4)]

    def join(phone: str) -> Callable[[], str]:
        name = "tmall.mei.crm.member.register"
        return lambda: shop.result(name, mobile=phone, taobao_nick=NICK)["register_code"]

    codes = at_once(*[join(phone) for phone in phones])

    assert sorted(codes) == ["E05", "E05", "E05", "SUC"]
    shown = [shop.result("tmall.crm.member.query", mobile=phone) for phone in phones]
    assert sorted(each["query_code"] for each in shown) == ["E01", "E01", "E01", "SUC"]


@pytest.fixture
def member(shop: Shop, storefront: str) -> str:
    """A member of a programme with two tiers, by number."""
    with tenancy.scope(merchant_id=shop.merchant_id):
        membership.publish_terms(
            merchant_id=shop.merchant_id,
            programme_code="chunxiao",
            terms=TERMS,
            reason="opening",
            now=NOW - timedelta(days=1),
        )
    name = "tmall.mei.crm.member.register"
    return str(shop.result(name, mobile=PHONE, taobao_nick=NICK)["member"]["nick"])


def standing(shop: Shop, **about: Any) -> tuple[int, int]:
    """Points and tier, as pages of members tell them."""
    found = shop.result("taobao.crm.members.get", current_page="1", **about)
    (one,) = found["members"]["basic_member"]
    return one["point"], one["grade"]


def told(shop: Shop, **says: Any) -> bool:
    found = shop.result("tmall.mei.crm.member.sync", mobile=PHONE, **says)
    return bool(json.loads(found["mei_extra_info"])["taken"])


def test_the_newest_that_an_application_tells_of_a_member_counts(shop: Shop, member: str) -> None:
    assert standing(shop) == (0, 0)

    assert told(shop, point="120", level="2", version="1767323045000")
    assert standing(shop, buyer_nick=member) == (120, 2)
    assert not told(shop, point="500", version="1767323044999")
    assert not told(shop, point="500", version="1767323045000", extend="again")
    assert told(shop, point="70", level="1", version="1767323045001")
    assert standing(shop, grade="1") == (70, 1)

    unknown = shop.call("tmall.mei.crm.member.sync", mobile=PHONE, level="3", version="9")
    nobody = shop.call("tmall.mei.crm.member.sync", mobile="13999999999", point="1", version="9")
    assert unknown["error_response"]["sub_code"] == "isv.level-not-exist"
    assert nobody["error_response"]["sub_code"] == "isv.member-not-exist"
    assert_sound(shop)


def test_of_many_tellings_at_once_the_newest_stands(
    shop: Shop, member: str, at_once: Callable[..., list[Any]]
) -> None:
    def tell(version: int) -> Callable[[], bool]:
        return lambda: told(shop, point=str(version * 10), version=str(version))

    at_once(*[tell(version) for version in (1, 2, 3, 4)])

    assert standing(shop) == (40, 0)
    assert_sound(shop)


def test_points_change_once_by_their_number_and_are_answered_once(
    shop: Shop, member: str, at_once: Callable[..., list[Any]]
) -> None:
    def change(kind: str, point: int, number: str, **more: Any) -> Any:
        name = "tmall.crm.member.point.change"
        said: dict[str, Any] = {"type": kind, "point": str(point), "biz_code": number, **more}
        return shop.call(name, user_nick=NICK, **said)

    change("add", 100, "A1")
    at_once(*[lambda n=n: change("minus", 30, "B1", biz_detail=n) for n in "abcd"])
    assert standing(shop) == (70, 0)
    assert "error_response" in change("minus", 71, "B2")

    with tenancy.scope(merchant_id=shop.merchant_id):
        burn = membership.burn_by_key(
            merchant_id=shop.merchant_id, source=f"app:{APP_KEY}", key="biz:B1"
        )

    def answer(result: str, **more: Any) -> Any:
        record: dict[str, Any] = {"record_id": f"burn:{burn.id}", "result": result, **more}
        return shop.call("tmall.mei.crm.callback.point.change", **record)

    answers = at_once(*[lambda n=n: answer("1", error_code="E", ext_info=n) for n in "abc"])
    other = answer("0")["error_response"]
    unknown = shop.call("tmall.mei.crm.callback.point.change", record_id="burn:0", result="0")
    assert [list(each) for each in answers] == [
        ["tmall_mei_crm_callback_point_change_response"]
    ] * 3
    assert other["sub_code"] == "isv.topgateway.answered-otherwise"
    assert unknown["error_response"]["sub_code"] == "isv.kernel.no-such"
    assert standing(shop) == (70, 0)
    assert_sound(shop)


def test_a_shopper_leaves_the_storefront_by_name(shop: Shop, member: str) -> None:
    gone = shop.result("tmall.crm.member.front.unbind", user_nick=NICK)
    again = shop.result("tmall.crm.member.front.unbind", user_nick=NICK, seller_name="tmall-1")

    assert (gone["result_success"], again["result_success"]) == (True, True)
    assert shop.result("tmall.crm.member.query", mobile=PHONE)["query_code"] == "E02"


def test_members_are_read_page_by_page(shop: Shop, member: str) -> None:
    def numbers(**asked: Any) -> tuple[int, list[str]]:
        found = shop.result("taobao.crm.members.get", **asked)
        return found["total_result"], [
            each["buyer_nick"] for each in found["members"]["basic_member"]
        ]

    second = shop.result("tmall.mei.crm.member.register", mobile="13800000001", ouid="o-2")
    both = [second["member"]["nick"], member]

    assert numbers(current_page="1") == (2, both)
    assert numbers(current_page="2", page_size="1") == (2, both[1:])
    assert numbers(current_page="1", grade="2") == (0, [])
    assert numbers(current_page="1", min_join_time="2026-11-11 15:27:00") == (2, both)
    assert numbers(current_page="1", max_last_trade_time="2026-11-11 15:27:00") == (0, [])


def assert_sound(shop: Shop) -> None:
    with tenancy.scope(merchant_id=shop.merchant_id):
        assert check_invariants(merchant_id=shop.merchant_id) == []
