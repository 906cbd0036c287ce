"""A brand gives out coupons, a member takes one and uses it at a till, over HTTP alone."""

from __future__ import annotations

from santong.benefits.tests.factories import new_key
from santong.kernel import tenancy
from santong.membership.tests.factories import make_member
from tests.journeys.http import Caller, caller
from tests.journeys.shop import open_shop


def open_batch(office: Caller, finance: Caller, **named: object) -> str:
    """Drafted by one, approved by another, opened."""
    benefit = office.post(
        "/benefits",
        {
            "code": new_key(),
            "name": "满300减50",
            "kind": "spend_and_save",
            "terms": {"threshold_minor": 30_000, "off_minor": 5_000},
            "currency": "CNY",
        },
        expect=201,
    )
    batch = office.post(
        "/benefit-batches",
        {
            "benefit_id": benefit["id"],
            "code": new_key(),
            "name": "双十一",
            "opens_at": "2026-01-01T00:00:00+08:00",
            "valid_days": 30,
            "limit_per_member": 1,
            **named,
        },
        expect=201,
    )["id"]
    path = f"/benefit-batches/{batch}"
    office.post(f"{path}/approve", {"reason": "mine"}, expect=403)
    finance.post(f"{path}/approve", {"reason": "fine"})
    assert office.post(f"{path}/activate", {"reason": "start"})["state"] == "active"
    return str(batch)


def claim_body(batch: str, member_id: int, key: str) -> dict[str, str]:
    return {"batch_id": batch, "member_id": str(member_id), "channel": "online", "key": key}


def test_a_coupon_from_its_batch_to_the_till_and_back(merchant: int) -> None:
    shop = open_shop(merchant)
    with tenancy.scope(merchant_id=merchant):
        mine, other = (make_member(merchant_id=merchant).member.id for _ in range(2))
    office, finance = caller(merchant), caller(merchant, role="finance")
    clerk = caller(merchant, role="clerk", location_id=shop.near)
    batch = open_batch(office, finance, limit_total=1, budget_minor=100_000)

    coupon = clerk.post("/coupon-claims", claim_body(batch, mine, "c-1"), expect=201)
    same = clerk.post("/coupon-claims", claim_body(batch, mine, "c-1"), expect=201)
    refused = clerk.post("/coupon-claims", claim_body(batch, other, "c-2"), expect=409)
    (line,) = clerk.get(f"/members/{mine}/wallet")["items"]
    shown = clerk.get(f"/coupons/{coupon['id']}/code")
    use = {
        "code": line["code"],
        "amount_minor": 5_000,
        "location_id": str(shop.near),
        "lines": {"1": 2},
        "key": "till-1",
    }
    clerk.post("/coupon-redemptions", {**use, "location_id": str(shop.far)}, expect=404)
    clerk.post("/coupon-redemptions", {**use, "code": "AAAA-AAAA-AAAA"}, expect=404)
    used = clerk.post("/coupon-redemptions", use)
    again = clerk.post("/coupon-redemptions", use)
    clerk.post("/coupon-redemptions", {**use, "key": "till-2"}, expect=409)
    back = {"coupon_id": coupon["id"], "quantity_by_line": {"1": 1}, "reason": "too small"}
    part = clerk.post("/coupon-returns", {**back, "key": "r-1"})
    whole = clerk.post("/coupon-returns", {**back, "key": "r-2"})
    funnel = office.get(f"/benefit-batches/{batch}/funnel")
    events = office.get(f"/coupons/{coupon['id']}/events")["items"]

    assert same == coupon
    assert (refused["code"], refused["limit"]) == ("benefits.limit_reached", "total")
    assert (line["state"], line["terms"]["off_minor"]) == ("usable", 5_000)
    assert shown["code"] == line["code"]
    assert shown["qr_svg"].startswith("<svg")
    assert (used["is_new"], again["is_new"]) == (True, False)
    assert (part["outcome"], whole["outcome"]) == ("in_part", "restored")
    assert (funnel["given"], funnel["spent_minor"]) == (1, 0)
    assert [each["kind"] for each in events] == [
        "issued",
        "redeemed",
        "returned_in_part",
        "restored",
    ]


def test_third_party_codes_from_the_file_to_the_invoice(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        member = make_member(merchant_id=merchant).member.id
    office, finance = caller(merchant), caller(merchant, role="finance")
    supplier = office.post("/benefit-suppliers", {"code": "v", "name": "视频"}, expect=201)["id"]
    supply = office.post(
        "/benefit-supplies",
        {
            "code": "v-month",
            "name": "视频月卡",
            "kind": "codes",
            "supplier_id": supplier,
            "cost_minor": 990,
        },
        expect=201,
    )["id"]
    file = {"file_name": "codes.csv", "content": "code\nV-1\nV-1\nV-2\n", "key": "file-1"}

    report = office.post(f"/benefit-supplies/{supply}/imports", file)
    batch = open_batch(office, finance, limit_total=2, supply_id=supply)
    office.post("/coupon-claims", claim_body(batch, member, "c-1"), expect=201)
    (line,) = office.get(f"/members/{member}/wallet")["items"]
    month = line["valid_from"][:7] + "-01"
    owed = finance.get(f"/benefit-suppliers/{supplier}/statement?month={month}")
    invoice = finance.post(
        f"/benefit-suppliers/{supplier}/invoices",
        {"number": "INV-1", "month": month, "amount_minor": 990},
    )

    assert (report["taken"], report["rejects"]) == (
        2,
        [{"line": 3, "column": 1, "reason": "stands in line 2 already"}],
    )
    assert line["supplier_code"] in {"V-1", "V-2"}
    assert owed["amount_minor"] == 990
    assert invoice["state"] == "matched"


def test_a_till_without_a_line_takes_a_coupon_and_tells_it_later(merchant: int) -> None:
    shop = open_shop(merchant)
    with tenancy.scope(merchant_id=merchant):
        member = make_member(merchant_id=merchant).member.id
    office, finance = caller(merchant), caller(merchant, role="finance")
    finance.post("/coupon-keys", {"reason": "tills"}, expect=201)
    batch = open_batch(office, finance, limit_total=5)
    coupon = office.post("/coupon-claims", claim_body(batch, member, "c-1"), expect=201)
    code = office.get(f"/coupons/{coupon['id']}/offline-code")["code"]

    def tell(till: str, key: str) -> str:
        (result,) = office.post(
            "/coupon-offline-uses",
            {
                "till": till,
                "location_id": str(shop.near),
                "uses": [
                    {
                        "key": key,
                        "code": code,
                        "amount_minor": 5_000,
                        "redeemed_at": coupon["valid_from"],
                    }
                ],
            },
        )["items"]
        return str(result["outcome"])

    told = [tell("till-1", "1"), tell("till-1", "1"), tell("till-2", "1")]
    (double,) = finance.get("/coupon-double-uses")["items"]

    assert told == ["counted", "counted", "double"]
    assert (double["coupon_id"], double["first_till"]) == (coupon["id"], "till-1")
    assert len(office.get("/coupon-keys")["items"]) == 1
