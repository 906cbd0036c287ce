"""Car care in stages: a deposit online, its code in the store, a contract, work, what is left."""

from __future__ import annotations

import base64
import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from santong.evidence.tests.factories import make_photo
from santong.kernel import tenancy
from santong.payments.services.act_as_buyer import act_as_buyer
from tests.journeys.http import Caller, caller
from tests.journeys.shop import Shop, open_shop
from tests.journeys.workers import let_providers_work

PLAN = {
    "code": "ppf",
    "name": "隐形车衣施工",
    "currency": "CNY",
    "deposit_minor": 9_900,
    "credited_to": 1,
    "category": "car-care",
    "stages": [
        {"name": "首款", "basis": "percent", "share_bp": 3_000, "due": "signing"},
        {"name": "施工款", "basis": "percent", "share_bp": 5_000, "due": "milestone"},
        {"name": "尾款", "basis": "remainder", "due": "acceptance", "silence_days": 3},
    ],
    "refunds": {"paid_kept_bp": 1_000},
    "reason": "opening",
}
PRICE = 880_000

_colours = itertools.cycle(["teal", "navy", "olive", "maroon"])


@dataclass
class Buyer:
    """Somebody with a link, in a browser, and with a wallet."""

    merchant: int
    office: Caller
    path: str

    def page(self) -> str:
        answer = Client().get(self.path)
        assert answer.status_code == 200
        return answer.content.decode()

    def tap(self, what: str, **fields: str) -> None:
        answer = Client().post(f"{self.path}{what}/", fields)
        assert answer.status_code == 302, answer.content.decode()

    def pay(self, number: int) -> None:
        """Begin on the page, agree in the wallet."""
        key = re.search(r'name="key" value="([^"]+)"', self.page())
        assert key is not None
        self.tap(f"pay/{number}", account="wallet", key=key[1])
        let_providers_work(self.merchant)
        assert "/pay/simulated/" in self.page()
        intents = self.office.get("/payments/intents?state=open")["items"]
        with tenancy.scope(merchant_id=self.merchant):
            act_as_buyer(
                merchant_id=self.merchant,
                reference=intents[0]["tenders"][0]["reference"],
                action="pay",
                now=datetime.now(UTC),
            )
        let_providers_work(self.merchant)


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant)


@pytest.fixture
def office(merchant: int, shop: Shop) -> Caller:
    found = caller(merchant)
    account = {
        "code": "wallet",
        "provider": "simulated",
        "method": "wechat_pay",
        "name": "微信支付（模拟）",
        "currency": "CNY",
        "settings": {"pace_permille": "0"},
        "secrets": {"secret": "a secret of nobody"},
    }
    found.post("/payments/accounts", account, expect=201)
    found.post("/stage-plans", PLAN, expect=201)
    return found


@pytest.fixture
def clerk(merchant: int, shop: Shop) -> Caller:
    return caller(merchant, role="clerk", location_id=shop.near)


def reserve(merchant: int, office: Caller) -> tuple[str, Buyer]:
    made = office.post(
        "/staged-sales",
        {
            "stage_plan_code": "ppf",
            "storefront_code": "flagship",
            "buyer": {"name": "钱小满", "phone": "19900001111"},
        },
        expect=201,
    )
    return made["sale"]["id"], Buyer(merchant, office, made["buyer_path"])


def code_on(page: str) -> str:
    found = re.search(r"\b(\d{4} \d{4} \d{4})\b", page)
    assert found is not None
    return found[1]


def redeem(clerk: Caller, shop: Shop, code: str, **given: Any) -> Any:
    body = {"code": code, "location_id": str(shop.near), "device": "phone-1", "nonce": "1"}
    return clerk.post("/staged-sale-redemptions", {**body, **given})


def photo(clerk: Caller, sale_id: str) -> str:
    content = base64.b64encode(make_photo(colour=next(_colours))).decode()
    body = {"kind": "photo", "name": "photo.jpg", "content_base64": content}
    made = clerk.post(f"/staged-sales/{sale_id}/evidence", body, expect=201)
    return str(made["id"])


def sign(clerk: Caller, sale_id: str) -> Any:
    body = {
        "number": f"CAR-{sale_id}",
        "amount_minor": PRICE,
        "signed_on": datetime.now(UTC).date().isoformat(),
        "photo_ids": [photo(clerk, sale_id)],
    }
    return clerk.post(f"/staged-sales/{sale_id}/contract", body, expect=201)


def finish(clerk: Caller, sale_id: str, stage: int) -> Any:
    body = {"photo_ids": [photo(clerk, sale_id)], "note": "施工完成"}
    return clerk.post(f"/staged-sales/{sale_id}/stages/{stage}/milestone", body)


def states(sale: Any) -> list[str]:
    return [sale["state"], *[stage["state"] for stage in sale["stages"]]]


def begun(merchant: int, office: Caller, clerk: Caller, shop: Shop) -> tuple[str, Buyer]:
    """A sale whose contract is signed."""
    sale_id, buyer = reserve(merchant, office)
    buyer.pay(0)
    redeem(clerk, shop, code_on(buyer.page()))
    sign(clerk, sale_id)
    return sale_id, buyer


def test_from_the_deposit_to_the_work_that_is_accepted(
    merchant: int, office: Caller, clerk: Caller, shop: Shop
) -> None:
    sale_id, buyer = reserve(merchant, office)
    buyer.pay(0)
    taken = redeem(clerk, shop, code_on(buyer.page()))
    signed = sign(clerk, sale_id)

    assert taken["staged_sale_id"] == sale_id
    assert [stage["amount_minor"] for stage in signed["stages"]] == [264_000, 440_000, 176_000]
    assert states(signed) == ["contracted", "due", "planned", "planned"]
    buyer.pay(1)
    for stage in (1, 2):
        finish(clerk, sale_id, stage)
        buyer.tap(f"accept/{stage}")
    buyer.pay(2)
    finish(clerk, sale_id, 3)
    digits = re.search(r'class="code">(\d{6})<', buyer.page())
    assert digits is not None
    clerk.post(f"/staged-sales/{sale_id}/stages/3/acceptance", {"code": digits[1]})
    buyer.pay(3)

    sale = office.get(f"/staged-sales/{sale_id}")
    assert states(sale) == ["closed", "released", "released", "released"]
    assert sum(each["received_minor"] for each in sale["money"]) == PRICE
    assert [each["accepted_by"] for each in sale["stages"]] == [
        "buyer_page",
        "buyer_page",
        "buyer_code",
    ]
    entries = office.get(
        f"/ledger/entries?asset=money:CNY&account=document&owner=stagedsale:{sale_id}-0"
    )
    assert sorted(each["amount"] for each in entries["items"]) == [9_900, 254_100]


def test_before_the_contract_the_deposit_comes_back_whole(
    merchant: int, office: Caller, clerk: Caller, shop: Shop
) -> None:
    sale_id, buyer = reserve(merchant, office)
    buyer.pay(0)
    redeem(clerk, shop, code_on(buyer.page()))

    buyer.tap("cancel")
    let_providers_work(merchant)

    sale = office.get(f"/staged-sales/{sale_id}")
    assert sale["state"] == "refunded"
    assert sale["money"][0]["returned_minor"] == 9_900
    (refund,) = office.get("/payments/refunds")["items"]
    assert (refund["state"], refund["parts"][0]["account_code"]) == ("done", "wallet")


def test_after_stage_two_the_buyer_agrees_to_less_and_has_the_difference_back(
    merchant: int, office: Caller, clerk: Caller, shop: Shop
) -> None:
    sale_id, buyer = begun(merchant, office, clerk, shop)
    buyer.pay(1)
    finish(clerk, sale_id, 2)
    buyer.pay(2)
    body = {"amount_minor": 600_000, "stages": [], "reason": "只贴车头"}

    proposed = clerk.post(f"/staged-sales/{sale_id}/changes", body, expect=201)
    shown = buyer.page()
    buyer.tap("changes/2/agree")
    let_providers_work(merchant)

    assert proposed["changes"][0]["refund_minor"] == 104_000
    assert "1,040.00" in shown
    sale = office.get(f"/staged-sales/{sale_id}")
    assert sale["contract"]["amount_minor"] == 600_000
    assert [stage["amount_minor"] for stage in sale["stages"]] == [264_000, 336_000, 0]
    assert states(sale) == ["in_progress", "paid", "paid", "waived"]
    assert sale["money"][1]["returned_minor"] == 104_000


def test_a_second_store_learns_when_and_where_the_code_was_taken(
    merchant: int, office: Caller, clerk: Caller, shop: Shop
) -> None:
    _, buyer = reserve(merchant, office)
    buyer.pay(0)
    code = code_on(buyer.page())
    redeem(clerk, shop, code)
    elsewhere = caller(merchant, role="clerk", location_id=shop.far)
    row = {"nonce": "2", "code": code, "redeemed_at": datetime.now(UTC).isoformat()}

    again = redeem(clerk, shop, code)
    refused = elsewhere.post(
        "/staged-sale-redemptions",
        {"code": code, "location_id": str(shop.far), "device": "phone-2", "nonce": "1"},
        expect=409,
    )
    told = elsewhere.post(
        "/staged-sale-redemption-batches",
        {"device": "phone-3", "location_id": str(shop.far), "rows": [row]},
    )

    assert again["is_repeat"]
    assert refused["code"] == "stagedsales.already_redeemed"
    assert refused["location_id"] == str(shop.near)
    assert told["results"][0]["outcome"] == "double"
    (double,) = clerk.get("/staged-sale-double-redemptions")["items"]
    assert (double["device"], double["first_device"]) == ("phone-3", "phone-1")


def test_a_link_of_nobody_opens_nothing(merchant: int, office: Caller) -> None:
    _, buyer = reserve(merchant, office)

    strange = Client().get("/s/nothing/")
    changed = Client().get(buyer.path[:-4] + "AAA/")

    assert (strange.status_code, changed.status_code) == (404, 404)
