"""Who did something stands on the page by name; somebody else reads it than did it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from santong.console.forms.terms import fields_of
from santong.console.tests.desk import Desk, Shop, open_shop
from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.tests.factories import make_member, make_programme
from santong.merchants.tests.factories import make_token

ZHOU, WANG = "Zhou Wen", "Wang Fang"


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant, near=5)


@pytest.fixture
def programme(shop: Shop) -> membership.Programme:
    """A programme whose terms Zhou has published."""
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        made = make_programme(merchant_id=shop.world.merchant_id)
    form = fields_of(membership.Terms()) | {"reason": "opening", "days": "90", "percent": "80"}
    shop.desk("head_office", name=ZHOU).send(
        f"/console/programmes/{made.id}/draft/publish/", **form
    )
    return made


def page(shop: Shop, path: str) -> str:
    """A page as a third person reads it."""
    status, text = shop.desk("head_office").open(path)
    assert status == 200
    return text


def level_path(shop: Shop) -> str:
    return f"/console/stock/places/{shop.world.near}/{shop.world.sku_id}/"


def correct_stock(shop: Shop, desk: Desk, *, key: str) -> None:
    answer = desk.client.post(
        f"{level_path(shop)}adjust/", {"key": key, "delta": "2", "reason": "found behind a shelf"}
    )
    assert answer.status_code == 302


def test_a_file_of_codes_names_who_brought_it(shop: Shop) -> None:
    zhou = shop.desk("head_office", name=ZHOU)
    supplier = zhou.client.post(
        "/console/supplies/suppliers/new/create/",
        {"key": "supplier", "code": "films", "name": "Films and more"},
    ).headers["Location"]
    supply = zhou.client.post(
        "/console/supplies/new/create/",
        {
            "key": "supply",
            "supplier": supplier.partition("supplier=")[2],
            "code": "film-month",
            "name": "A month of films",
            "kind": "codes",
            "product": "F-30",
            "adapter": "",
            "alarm_below": "1",
            "cost": "12.50",
            "currency": "cny",
            "charged_when": "redeemed",
            "contract_number": "2026-118",
            "contract_until": "2099-12-31T00:00",
        },
    ).headers["Location"]

    file = SimpleUploadedFile("codes.csv", b"code\nA\nB\n", content_type="text/csv")
    zhou.client.post(f"{supply}take/", {"key": "file", "file": file})

    assert ZHOU in page(shop, supply).partition("codes.csv")[2]


def test_a_version_of_a_programme_names_who_published_it(
    shop: Shop, programme: membership.Programme
) -> None:
    assert f"opening {ZHOU}" in page(shop, f"/console/programmes/{programme.id}/")


def test_a_request_names_who_asked_and_who_decided(
    shop: Shop, programme: membership.Programme
) -> None:
    merchant_id = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        member = make_member(merchant_id=merchant_id, programme=programme).member
    shop.desk("customer_service", name=ZHOU).send(
        f"/console/members/{member.id}/correct/",
        programme=programme.code,
        way="give",
        points="120",
        reason="the till was down",
    )
    with tenancy.scope(merchant_id=merchant_id):
        (asked,) = membership.requests_page(merchant_id=merchant_id, before_id=2**63 - 1, limit=5)

    waiting = page(shop, "/console/requests/")
    shop.desk("finance", name=WANG).send(
        f"/console/requests/{asked.id}/reject/", reason="no receipt"
    )
    decided = page(shop, "/console/requests/?state=rejected")

    assert f"the till was down {ZHOU} ·" in waiting
    assert f"the till was down {ZHOU} ·" in decided
    assert f"{WANG} ·" in decided


def test_a_movement_names_the_person_the_program_or_what_it_was(shop: Shop) -> None:
    merchant_id = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        token = make_token(merchant_id, permissions=["stock.adjust"])
    correct_stock(shop, shop.desk("head_office", name=ZHOU), key="first")
    booked = Client().post(
        "/api/v1/stock-adjustments",
        {
            "location_id": str(shop.world.near),
            "sku": shop.world.sku_code,
            "delta": 1,
            "reason": "found at the till",
            "key": "second",
        },
        content_type="application/json",
        headers={"authorization": f"Bearer {token}", "idempotency-key": "second"},
    )

    text = page(shop, level_path(shop))

    assert booked.status_code == 200, booked.content
    movements = text.partition("found at the till")
    assert " till " in movements[2].partition("found behind a shelf")[0]
    assert ZHOU in movements[2].partition("found behind a shelf")[2]
    with tenancy.scope(merchant_id=merchant_id):
        oldest = inventory.movements_of(
            merchant_id=merchant_id,
            location_id=shop.world.near,
            sku_id=shop.world.sku_id,
            before_id=2**63 - 1,
            limit=9,
        )[-1]
    assert oldest.actor == "system:system"
    assert "Santong" in movements[2].partition(ZHOU)[2]


def test_many_who_did_something_are_asked_for_at_once(shop: Shop) -> None:
    reader = shop.desk("head_office")
    correct_stock(shop, shop.desk("head_office"), key="one")

    few = questions_for_people(reader, level_path(shop))
    for number in range(4):
        correct_stock(shop, shop.desk("head_office", name=f"{ZHOU} {number}"), key=f"more-{number}")
    many = questions_for_people(reader, level_path(shop))

    assert page(shop, level_path(shop)).count(ZHOU) == 4
    assert (few, many) == (1, 1)


def questions_for_people(desk: Desk, path: str) -> int:
    """How often a page asks for several of the staff. What else it asks is partly remembered."""
    with CaptureQueriesContext(connection) as asked:
        assert desk.open(path)[0] == 200
    return sum("staffuser" in each["sql"] and " IN (" in each["sql"] for each in asked)
