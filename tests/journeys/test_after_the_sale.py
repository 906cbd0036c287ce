"""After the sale: a missing part is sent again, goods come back elsewhere, a size is exchanged."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from santong.aftersales.tests.factories import PNG
from santong.agreements import public as agreements
from santong.agreements.tests.factories import make_accepted
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.tests.factories import make_member, make_programme
from santong.membership.tests.factories import make_shop as make_storefront_of
from santong.membership.tests.points import WITH_TIERS
from santong.settlement import public as settlement
from santong.settlement.tests.factories import publish
from tests.journeys.http import Caller, caller, tell_all
from tests.journeys.shop import NOW, Shop, open_shop, order_document
from tests.journeys.test_ship_from_store import send, work_of

PRICE = 19_900


def bring(channel: Caller, clerk: Caller, order_id: str, number: str) -> None:
    """A store sends what is asked of it for an order, and the carrier delivers it now."""
    (work,) = [each for each in work_of(clerk, order_id) if each["state"] == "offered"]
    send(clerk, work, number)
    channel.post(
        "/carrier-events",
        {
            "carrier": "simulated",
            "tracking_number": number,
            "event_id": f"come-{number}",
            "state": "delivered",
            "place": "收货地址",
            "at": datetime.now(UTC).isoformat(),
        },
    )
    tell_all()


def buy(channel: Caller, clerk: Caller, *, quantity: int = 1, **about: Any) -> dict[str, Any]:
    """An order that has reached its buyer."""
    document = order_document(quantity=quantity) | about
    order_id = channel.post("/orders", document, expect=201)["order"]["id"]
    tell_all()
    bring(channel, clerk, order_id, f"SIM-{order_id}")
    bought: dict[str, Any] = channel.get(f"/orders/{order_id}")
    assert bought["state"] == "delivered"
    return bought


def ask(buyer: Client, path: str, line_id: str, **said: Any) -> str:
    """The buyer fills in the page behind the link; gives the page of the case."""
    page = buyer.get(path)
    assert page.status_code == 200
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode())
    assert key
    answer = buyer.post(path, {"key": key[1], f"units-{line_id}": "1", **said})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def the_case(office: Caller, order_id: str) -> dict[str, Any]:
    (case,) = office.get(f"/cases?order_id={order_id}")["items"]
    story: dict[str, Any] = office.get(f"/cases/{case['id']}")
    return story


def confirm_refunds(office: Caller) -> None:
    """The channel that had collected the money says that it gave it back."""
    for refund in office.get("/payments/refunds")["items"]:
        for part in refund["parts"]:
            if part["state"] == "sent":
                office.post(
                    f"/payments/refund-parts/{part['id']}/confirm",
                    {"went": True, "their_reference": f"back-{part['id']}"},
                )
    tell_all()


def on_hand(office: Caller, shop: Shop, location_id: int) -> int:
    found = office.get(f"/stock-levels?sku={shop.sku_code}")["items"]
    return sum(row["on_hand"] for row in found if row["location_id"] == str(location_id))


def test_a_missing_part_is_sent_again_without_a_return(merchant: int) -> None:
    shop = open_shop(merchant, near=3)
    office, clerk = caller(merchant), caller(merchant, role="clerk", location_id=shop.near)
    order = buy(office, clerk)
    term = agreements.Term(number=1, kind="missing", params={"report_hours": 72}, remedy="resend")
    with tenancy.scope(merchant_id=merchant):
        make_accepted(merchant, document=f"order:{order['id']}", terms=(term,), total_minor=PRICE)
    buyer = Client()
    path = office.post(f"/orders/{order['id']}/case-links", expect=201)["path"]

    followed = ask(
        buyer,
        path,
        order["lines"][0]["id"],
        kind="return",
        reason="missing_part",
        way_back="mail",
        words="少了一条腰带",
        photos=SimpleUploadedFile("belt.png", PNG, content_type="image/png"),
    )
    tell_all()
    case = the_case(office, order["id"])
    decided = office.post(f"/cases/{case['id']}/decide", {})
    tell_all()
    (sent,) = the_case(office, order["id"])["replacements"]
    bring(office, clerk, sent["order_id"], "SIM-AGAIN")

    ended = the_case(office, order["id"])
    again = office.get(f"/orders/{sent['order_id']}")
    assert case["proposal"]["reasons"] == ["term_in_force"]
    assert (decided["kind"], decided["needs_return"]) == ("resend", False)
    assert decided["term_reference"].startswith("agreement:")
    assert (again["total"]["amount_minor"], again["external_number"]) == (
        0,
        f"{case['number']}-R1",
    )
    assert ended["state"] == "done"
    assert (ended["refunds"], ended["decisions"][0]["overruled"]) == ([], [])
    assert buyer.get(followed).status_code == 200
    assert office.get("/payments/refunds")["items"] == []


def test_what_an_agreement_owes_is_sent_by_a_case_of_its_own(merchant: int) -> None:
    shop = open_shop(merchant, near=3)
    office, clerk = caller(merchant), caller(merchant, role="clerk", location_id=shop.near)
    order = buy(office, clerk)
    terms = (
        agreements.Term(number=1, kind="missing", params={"report_hours": 72}, remedy="resend"),
        agreements.Term(
            number=2,
            kind="damage",
            params={"report_hours": 72},
            remedy="compensate",
            amount=agreements.Amount(basis="fixed", value=4_000),
        ),
    )
    with tenancy.scope(merchant_id=merchant):
        made = make_accepted(
            merchant, document=f"order:{order['id']}", terms=terms, total_minor=PRICE
        )
    sku_code = order["lines"][0]["sku_code"]

    breaches = {}
    for term in (1, 2):
        said = {"term": term, "said": "少了一条腰带，袖口有破损", "key": f"term-{term}"}
        claimed = office.post(f"/agreements/{made.id}/claims", said, expect=201)
        granted = {"answer": "确认", "goods": [{"sku_code": sku_code, "quantity": 1}]}
        breaches[term] = office.post(f"/breaches/{claimed['id']}/grant", granted)
        tell_all()
    story = the_case(office, order["id"])
    (sent,) = story["replacements"]
    bring(office, clerk, sent["order_id"], "SIM-OWED")
    confirm_refunds(office)
    asked = office.post(
        "/cases",
        {
            "order_id": order["id"],
            "kind": "return",
            "way_back": "shop",
            "reason": "wrong_size",
            "lines": [{"order_line_id": order["lines"][0]["id"], "quantity": 1}],
        },
        expect=201,
    )
    refused = office.post(
        f"/cases/{asked['id']}/decide",
        {"refund_minor": PRICE, "reason": "to be kind"},
        expect=409,
    )
    decided = office.post(f"/cases/{asked['id']}/decide", {})

    made_good = {each["id"]: each["made_good_by"] for each in office.get("/breaches")["items"]}
    assert (story["channel"], story["kind"], story["state"]) == ("agreement", "resend", "working")
    assert story["decisions"][0]["proposal"]["reasons"] == ["remedy_owed"]
    assert made_good[breaches[1]["id"]] == f"case:{story['id']}"
    assert made_good[breaches[2]["id"]] == "payments"
    assert (refused["code"], refused["left_minor"]) == (
        "aftersales.more_than_left",
        PRICE - 4_000,
    )
    assert decided["refund_minor"] == PRICE - 4_000
    assert office.get("/owed-goods") == []


def test_goods_come_back_to_another_store_and_all_that_hung_on_them_follows(
    merchant: int,
) -> None:
    shop = open_shop(merchant, near=3)
    office, near = caller(merchant), caller(merchant, role="clerk", location_id=shop.near)
    far = caller(merchant, role="clerk", location_id=shop.far)
    storefront, member_id, number = open_programme(merchant)
    fee = settlement.Rule(code="fee", role="filler", fixed_minor=500)
    with tenancy.scope(merchant_id=merchant):
        publish(merchant, fee)
    order = buy(office, near, quantity=2, storefront_code=storefront, member_reference=number)
    before = points(merchant, member_id)
    line = order["lines"][0]["id"]

    case = far.post(
        "/cases",
        {
            "order_id": order["id"],
            "kind": "return",
            "way_back": "shop",
            "reason": "wrong_size",
            "lines": [{"order_line_id": line, "quantity": 1}],
        },
        expect=201,
    )
    office.post(f"/cases/{case['id']}/decide", {})
    far.post(
        f"/cases/{case['id']}/receipts",
        {
            "location_id": str(shop.far),
            "lines": [{"case_line_id": case["lines"][0]["id"], "sellable": 1}],
        },
    )
    tell_all()
    confirm_refunds(office)

    ended = the_case(office, order["id"])
    shares = office.get(f"/orders/{order['id']}/shares")
    assert ended["state"] == "done"
    assert [each["amount_minor"] for each in ended["refunds"]] == [PRICE]
    assert on_hand(office, shop, shop.far) == 1
    assert points(merchant, member_id) == before - PRICE // 100
    assert left_of(shares) == PRICE


def test_a_size_is_exchanged_and_the_new_one_leaves_when_the_old_one_is_back(
    merchant: int,
) -> None:
    shop = open_shop(merchant, near=3)
    office, clerk = caller(merchant), caller(merchant, role="clerk", location_id=shop.near)
    order = buy(office, clerk)
    line = order["lines"][0]["id"]

    case = clerk.post(
        "/cases",
        {
            "order_id": order["id"],
            "kind": "exchange",
            "way_back": "shop",
            "reason": "wrong_size",
            "lines": [{"order_line_id": line, "quantity": 1}],
        },
        expect=201,
    )
    office.post(f"/cases/{case['id']}/decide", {})
    tell_all()
    (held,) = the_case(office, order["id"])["replacements"]
    waiting = work_of(clerk, held["order_id"])
    clerk.post(
        f"/cases/{case['id']}/receipts",
        {
            "location_id": str(shop.near),
            "lines": [{"case_line_id": case["lines"][0]["id"], "damaged": 1}],
        },
    )
    tell_all()
    bring(office, clerk, held["order_id"], "SIM-SIZE")

    ended = the_case(office, order["id"])
    (lying,) = clerk.get("/damaged-goods")
    assert (held["is_held"], waiting) == (True, [])
    assert ended["state"] == "done"
    assert ended["refunds"] == []
    assert (lying["left"], lying["location_id"]) == (1, str(shop.near))
    assert on_hand(office, shop, shop.near) == 1


def open_programme(merchant: int) -> tuple[str, int, str]:
    """A storefront that brings points, and a member with their number."""
    with tenancy.scope(merchant_id=merchant):
        programme = make_programme(merchant_id=merchant)
        membership.publish_terms(
            merchant_id=merchant,
            programme_code=programme.code,
            terms=WITH_TIERS,
            reason="opening",
            now=NOW,
        )
        storefront = make_storefront_of(merchant_id=merchant, programme=programme)
        joined = make_member(merchant_id=merchant, programme=programme)
    return storefront, joined.member.id, joined.member.number


def points(merchant: int, member_id: int) -> int:
    with tenancy.scope(merchant_id=merchant):
        shown = membership.points_shown(merchant_id=merchant, member_ids=[member_id], now=NOW)
    return shown[member_id].available + shown[member_id].pending


def left_of(shares: dict[str, Any]) -> int:
    left: int = shares["left_minor"]
    return left
