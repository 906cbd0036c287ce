"""What many walks do: somebody reserves, pays on the phone, a till takes the code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from santong.kernel import tenancy
from santong.payments.services.act_as_buyer import act_as_buyer
from tests.journeys.test_a_deposit_becomes_a_contract import Buyer
from tests.journeys.test_a_wooden_door import PRICE, photo
from tests.walks.people import Person
from tests.walks.town import Town, let_workers_work

BUYER = {"name": "钱小满", "phone": "19900001111"}


def reserve_online(town: Town, plan: str) -> tuple[str, str]:
    """The shop's mini program reserves for a buyer: the sale, and the path of their page."""
    made = town.office.post(
        "/staged-sales",
        {"stage_plan_code": plan, "storefront_code": "mini", "buyer": BUYER},
        expect=201,
    )
    return made["sale"]["id"], made["buyer_path"]


def pay(town: Town, buyer: Person, amount: str, *, step: str) -> None:
    """Pay on the open page: choose, go to the wallet, agree, come back."""
    buyer.clicks(f"支付 {amount}")
    let_workers_work(town)
    buyer.clicks("刷新状态")
    buyer.clicks(f"继续支付 {amount}")
    buyer.sees(f"{step}-收银台", amount)
    buyer.clicks(f"支付 {amount}")
    let_workers_work(town)
    buyer.clicks("返回商家")


def link_on(clerk: Person) -> str:
    """The path of the buyer's page that the clerk sees, to be sent to the buyer."""
    card = clerk.seen.page.locator("[aria-labelledby=buyer-link]")
    return urlsplit(card.get_by_role("textbox").input_value()).path


def code_on(buyer: Person) -> str:
    """The twelve digits that stand on the buyer's page, beside their picture."""
    assert buyer.seen.page.locator("figure.shown-qr svg").is_visible()
    shown = buyer.seen.page.inner_text(".shown-code")
    assert re.fullmatch(r"\d{4} \d{4} \d{4}", shown)
    return shown


def take_code(clerk: Person, code: str) -> None:
    clerk.opens("/console/staged-sales/redeem/")
    clerk.fills("买家出示的 12 位核销码（输入或扫描）", code)
    clerk.clicks("核销")


@dataclass
class Wallet(Buyer):
    """A buyer who pays by their wallet, where a walk is about something else."""

    town: Town

    def pay(self, number: int) -> None:
        """Begin on the page, agree in the wallet; the town's workers do the rest."""
        key = re.search(r'name="key" value="([^"]+)"', self.page())
        assert key is not None
        self.tap(f"pay/{number}", account="wallet", key=key[1])
        let_workers_work(self.town)
        (intent,) = self.office.get("/payments/intents?state=open")["items"]
        with tenancy.scope(merchant_id=self.merchant):
            act_as_buyer(
                merchant_id=self.merchant,
                reference=intent["tenders"][0]["reference"],
                action="pay",
                now=datetime.now(UTC),
            )
        let_workers_work(self.town)


def signed(town: Town, *, number: str) -> tuple[str, Wallet]:
    """A door whose deposit is paid, whose code is taken, and whose contract is signed."""
    sale_id, page = reserve_online(town, "door")
    buyer = Wallet(town.merchant_id, town.office, page, town)
    buyer.pay(0)
    shown = re.search(r"\d{4} \d{4} \d{4}", buyer.page())
    assert shown
    town.seller.post(
        "/staged-sale-redemptions",
        {
            "code": shown[0],
            "location_id": str(town.showroom),
            "device": "till-1",
            "nonce": number,
        },
    )
    town.seller.post(
        f"/staged-sales/{sale_id}/contract",
        {
            "number": number,
            "amount_minor": PRICE,
            "signed_on": datetime.now(UTC).date().isoformat(),
            "photo_ids": [photo(town.seller, f"/staged-sales/{sale_id}")],
        },
        expect=201,
    )
    return sale_id, buyer


def do_the_work(town: Town, sale_id: str, stage: int) -> None:
    ids = [photo(town.seller, f"/staged-sales/{sale_id}")]
    town.seller.post(f"/staged-sales/{sale_id}/stages/{stage}/milestone", {"photo_ids": ids})
