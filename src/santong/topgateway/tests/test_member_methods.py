"""Members over the router: a shopper joins, is bound, is seen, and is bound no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.membership.tests.factories import make_programme, make_shop
from santong.topgateway import errors
from santong.topgateway.tests.factories import Shop

PHONE, NICK = "13800000000", "santong测试"


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
