"""A store sells in stages on its pages: reserves, takes a code, signs, takes money, changes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from santong.evidence.tests.factories import make_photo
from santong.kernel import tenancy
from santong.merchants.tests.factories import PASSWORD, make_staff, make_storefront
from santong.orders import public as orders
from santong.payments import public as payments
from santong.routing.tests.factories import make_world
from santong.stagedsales import public as stagedsales
from santong.stagedsales.tests.factories import (
    BUYER,
    NOW,
    hear_all,
    make_place,
    make_plan,
    pay,
    see,
    signed,
    with_code,
)


class Desk:
    """The head office at its pages."""

    def __init__(self, merchant: int, code: str) -> None:
        self.merchant = merchant
        self.client = Client()
        self.client.post(
            "/log-in/", {"merchant": code, "login": "head", "password": PASSWORD, "next": ""}
        )

    def get(self, path: str, **query: str) -> str:
        answer = self.client.get(f"/console/{path}", query)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def post(self, path: str, *, expect: int = 302, **fields: Any) -> Any:
        answer = self.client.post(f"/console/{path}", fields)
        assert answer.status_code == expect, answer.content.decode()[:3000]
        return answer


@pytest.fixture
def desk(merchant: int) -> Desk:
    from santong.merchants import public as merchants  # noqa: PLC0415

    with tenancy.scope(merchant_id=merchant):
        make_staff(merchant, login="head", role="head_office")
        make_storefront(merchant, code="online")
        code = merchants.merchant(merchant_id=merchant).code
    return Desk(merchant, code)


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", make_photo(), content_type="image/jpeg")


def a_code(merchant: int) -> tuple[int, str, int]:
    with tenancy.scope(merchant_id=merchant):
        return (*with_code(merchant_id=merchant), make_place(merchant))


def redeemed(desk: Desk) -> int:
    sale_id, code, place = a_code(desk.merchant)
    desk.post("staged-sales/redeem/take/", code=code, place=str(place), key="k1")
    return sale_id


def sale(desk: Desk, sale_id: int) -> stagedsales.StagedSale:
    with tenancy.scope(merchant_id=desk.merchant):
        return see(desk.merchant, sale_id)


def test_a_clerk_reserves_and_gives_the_buyer_a_link(desk: Desk) -> None:
    with tenancy.scope(merchant_id=desk.merchant):
        plan = make_plan(merchant_id=desk.merchant)
    shop = re.search(r'name="storefront"><option value="(\d+)"', desk.get("staged-sales/"))
    assert shop is not None
    fields: dict[str, Any] = {
        "plan": plan.code,
        "storefront": shop[1],
        "name": "钱小满",
        "phone": "19900001111",
    }

    made = desk.post("staged-sales/reserve/", key="k", **fields)
    again = desk.post("staged-sales/reserve/", key="k", **fields)
    first, same = (_link_on(desk.client.get(made["Location"])) for _ in range(2))
    assert Client().get(first).status_code == 200
    renewed = _link_on(desk.client.post(f"{made['Location']}link/", follow=True))

    assert made["Location"] == again["Location"]
    assert first == same != renewed
    assert Client().get(renewed).status_code == 200
    assert Client().get(first).status_code == 404


def _link_on(page: Any) -> str:
    found = re.search(r'href="http://testserver(/s/[^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def test_a_code_is_taken_once_and_who_comes_later_learns_when_and_where(desk: Desk) -> None:
    sale_id, code, place = a_code(desk.merchant)

    desk.post("staged-sales/redeem/take/", code=code, place=str(place), key="k1")
    late = desk.post(
        "staged-sales/redeem/take/", code=code, place=str(place), key="k2", expect=409
    ).content.decode()
    wrong = desk.post(
        "staged-sales/redeem/take/", code="123456789012", place=str(place), key="k3", expect=409
    )

    assert sale(desk, sale_id).state == "redeemed"
    assert "<time" in late
    assert wrong.status_code == 409


def test_a_contract_is_previewed_then_signed_with_its_photo(desk: Desk) -> None:
    sale_id = redeemed(desk)
    form = f"staged-sales/{sale_id}/contract/"
    signed_on = NOW.date().isoformat()
    fields: dict[str, Any] = {"number": "HT-1", "amount": "1000", "signed_on": signed_on}

    preview = desk.get(form, **fields)
    without = desk.post(f"{form}sign/", key="a", expect=422, **fields)
    desk.post(f"{form}sign/", key="b", photos=photo(), **fields)

    assert [amount in preview for amount in ("¥300.00", "¥400.00")] == [True, True]
    assert without.status_code == 422
    found = sale(desk, sale_id)
    assert found.contract is not None
    assert [stage.amount_minor for stage in found.stages] == [30_000, 40_000, 30_000]


def test_a_stage_is_paid_at_the_till_by_two_ways_and_whole(desk: Desk) -> None:
    sale_id = redeemed(desk)
    sign = f"staged-sales/{sale_id}/contract/sign/"
    signed_on = NOW.date().isoformat()
    desk.post(sign, key="b", photos=photo(), number="HT-2", amount="1000", signed_on=signed_on)
    with tenancy.scope(merchant_id=desk.merchant):
        for code, provider, method in (("till", "cash", "cash"), ("wallet", "simulated", "alipay")):
            payments.open_payment_account(
                merchant_id=desk.merchant,
                code=code,
                provider=provider,
                method=method,  # type: ignore[arg-type]  # one of the words
                name=code,
                currency="CNY",
                now=NOW,
            )
    ways: dict[str, Any] = {
        "account_0": "till",
        "amount_0": "150",
        "account_1": "wallet",
        "amount_1": "250",
    }

    desk.post(
        f"staged-sales/{sale_id}/stages/2/pay/", key="c", expect=409, **{**ways, "amount_1": "249"}
    )
    desk.post(f"staged-sales/{sale_id}/stages/2/pay/", key="d", **ways)

    with tenancy.scope(merchant_id=desk.merchant):
        (intent,) = payments.intents_of(
            merchant_id=desk.merchant, document=f"stagedsale:{sale_id}-2"
        )
    assert [(each.account_code, each.amount_minor) for each in intent.tenders] == [
        ("till", 15_000),
        ("wallet", 25_000),
    ]


def test_work_is_recorded_and_a_change_proposed(desk: Desk) -> None:
    sale_id = redeemed(desk)
    at = f"staged-sales/{sale_id}/"
    desk.post(
        f"{at}contract/sign/",
        key="b",
        photos=photo(),
        number="HT-3",
        amount="1000",
        signed_on=NOW.date().isoformat(),
    )
    with tenancy.scope(merchant_id=desk.merchant):
        pay(desk.merchant, sale_id, 1)
    desk.post(f"{at}stages/2/milestone/", key="m", photos=photo(), note="柜体到场")
    fields: dict[str, Any] = {
        "amount": "1200",
        "reason": "加一组衣柜",
        "number_0": "2",
        "name_0": "中期款",
        "basis_0": "fixed",
        "value_0": "400",
        "due_0": "milestone",
        "number_1": "3",
        "name_1": "尾款",
        "basis_1": "remainder",
        "due_1": "acceptance",
    }

    preview = desk.get(f"{at}change-order/", **fields)
    desk.post(f"{at}change-order/propose/", key="p", **fields)
    page = desk.get(at)
    desk.post(f"{at}changes/2/withdraw/", key="w")

    assert "¥500.00" in preview
    assert "加一组衣柜" in page
    found = sale(desk, sale_id)
    assert (found.stages[1].state, found.changes[0].state) == ("due", "withdrawn")


def test_goods_leave_the_stock_for_the_buyer_and_what_was_given_as_goodwill_is_said(
    desk: Desk,
) -> None:
    with tenancy.scope(merchant_id=desk.merchant):
        world = make_world(desk.merchant, near=5)
        sale_id = signed(merchant_id=desk.merchant)
        pay(desk.merchant, sale_id, 2)
        payments.refund(
            merchant_id=desk.merchant,
            document=f"stagedsale:{sale_id}-2",
            key="favour",
            amount_minor=1_234,
            currency="CNY",
            reason="scratched",
            now=NOW,
        )
        hear_all(desk.merchant)
    at = f"staged-sales/{sale_id}/"
    where: dict[str, Any] = {"city": "上海市", "address": "南京路 1 号", "sku_1": world.sku_code}
    assert 'list="goods-skus"' in desk.get(at)

    refused = desk.post(f"{at}goods/", expect=422, key="g1", units_1="0", **where)
    desk.post(f"{at}goods/", key="g2", units_1="2", **where)
    page = desk.get(at)

    assert "南京路 1 号" in refused.content.decode()
    assert "¥12.34" in page
    found = sale(desk, sale_id)
    assert f"/console/orders/{found.order_id}/" in page
    assert "goods-skus" not in page
    with tenancy.scope(merchant_id=desk.merchant):
        order = orders.order_by_id(merchant_id=desk.merchant, order_id=found.order_id or 0)
        whom = orders.reveal_recipient(
            merchant_id=desk.merchant, order_id=order.id, reason="to send it", now=NOW
        )
    assert [line.quantity for line in order.lines] == [2]
    assert (whom.recipient.name, whom.recipient.phone) == (BUYER.name, BUYER.phone)


def test_a_sale_is_cancelled_and_all_of_the_deposit_goes_back(desk: Desk) -> None:
    sale_id = redeemed(desk)

    desk.post(f"staged-sales/{sale_id}/cancel/", key="x", fault="buyer", reason="不想要了")

    with tenancy.scope(merchant_id=desk.merchant):
        hear_all(desk.merchant)
    assert sale(desk, sale_id).money[0].returning_minor == 9_900


def test_a_plan_is_published_and_its_fields_refuse_what_cannot_be_kept(desk: Desk) -> None:
    desk.get("stage-plans/")
    fields: dict[str, Any] = {
        "code": "ppf",
        "name": "车衣",
        "deposit": "99",
        "credited_to": "1",
        "payable_minutes": "60",
        "code_days": "30",
        "grace_hours": "48",
        "deposit_kept": "100",
        "paid_kept": "10",
        "done_kept": "100",
        "is_offered": "on",
        "name_0": "首款",
        "basis_0": "percent",
        "value_0": "30",
        "due_0": "signing",
        "name_1": "尾款",
        "basis_1": "remainder",
        "due_1": "acceptance",
        "reason": "opening",
    }

    desk.post("stage-plans/publish/", key="a", expect=422, **{**fields, "basis_1": "percent"})
    desk.post("stage-plans/publish/", key="b", **fields)

    with tenancy.scope(merchant_id=desk.merchant):
        plan = stagedsales.plan_by_code(merchant_id=desk.merchant, code="ppf")
    assert [stage.share_bp for stage in plan.terms.stages] == [3_000, 0]
    assert plan.terms.refunds.paid_kept_bp == 1_000
    assert "车衣" in desk.get("stage-plans/ppf/")
