"""An operator names a supplier, says what it delivers, and gives it out, without an engineer."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from santong.benefits import public as benefits
from santong.console.tests.desk import Desk, Shop, open_shop
from santong.kernel import tenancy
from santong.kernel.models import AuditEntry

SUPPLIERS = "/console/supplies/suppliers/new/"
SUPPLIES = "/console/supplies/new/"
SUPPLY = {
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
}


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant)


def post(desk: Desk, path: str, **form: str) -> Any:
    """The bare answer to a form."""
    return desk.client.post(path, {"key": "form", **form})


def make_supplier(desk: Desk, code: str = "films") -> str:
    """The number of a supplier that was named at a desk."""
    answer = desk.client.post(
        f"{SUPPLIERS}create/", {"key": f"supplier-{code}", "code": code, "name": "Films and more"}
    )
    assert answer.status_code == 302
    return answer.headers["Location"].partition("supplier=")[2]


def supplies(shop: Shop) -> list[benefits.Supply]:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        return benefits.supplies_page(merchant_id=shop.world.merchant_id)


def suppliers(shop: Shop) -> list[benefits.Supplier]:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        return benefits.suppliers_page(merchant_id=shop.world.merchant_id)


def test_from_a_supplier_to_a_batch_of_its_codes_that_runs(shop: Shop) -> None:
    head, finance = shop.desk("head_office"), shop.desk("finance")

    _, form = head.send(f"{SUPPLIERS}create/", code="films", name="Films and more")
    (supplier,) = suppliers(shop)
    _, made = head.send(f"{SUPPLIES}create/", supplier=str(supplier.id), **SUPPLY)
    (supply,) = supplies(shop)
    file = SimpleUploadedFile("codes.csv", b"code\nA\nB\nC\n", content_type="text/csv")
    head.client.post(f"/console/supplies/{supply.id}/take/", {"key": "file", "file": file})
    benefit = (
        head.client.post(
            "/console/benefits/kinds/third_party_code/create/",
            {"key": "benefit", "code": "films", "name": "Films", "term.product": "F-30"},
        )
        .headers["Location"]
        .partition("benefit=")[2]
    )
    head.send(
        "/console/benefits/new/create/",
        benefit=benefit,
        supply=str(supply.id),
        code="films-11",
        name="Films of November",
        limit_total="3",
        opens_at="2026-11-01T09:00",
        valid_days="30",
        return_policy="forfeit",
        grace_days="0",
    )
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        (batch,) = benefits.batches_page(merchant_id=shop.world.merchant_id)
    finance.send(f"/console/benefits/{batch.id}/approve/", reason="seen")
    _, active = head.send(f"/console/benefits/{batch.id}/activate/", reason="as planned")
    _, listed = head.open("/console/supplies/")

    assert "The supplier is there. Now say what it delivers." in form
    assert "Films and more · films" in form
    assert "The supply is there. Now bring its codes in." in made
    assert (supplier.code, supplier.name) == ("films", "Films and more")
    assert (supply.kind, supply.supplier_id, supply.product) == ("codes", supplier.id, "F-30")
    assert (supply.cost_minor, supply.currency, supply.charged_when) == (1_250, "CNY", "redeemed")
    # Midnight on the merchant's clock.
    assert supply.contract_until == datetime(2099, 12, 30, 16, tzinfo=UTC)
    assert supply.alarm_below == 1
    assert batch.supply_id == supply.id
    assert "Films of November active" in active
    assert "A month of films film-month Films and more" in listed
    assert [each.committed for each in supplies(shop)] == [3]
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"benefits.create_supplier", "benefits.create_supply"} <= actions


def test_a_supply_of_our_own_needs_nobody_and_one_that_is_asked_an_interface(shop: Shop) -> None:
    head = shop.desk("head_office")
    supplier = make_supplier(head)

    _, own = head.send(f"{SUPPLIES}create/", **{**SUPPLY, "kind": "own", "contract_until": ""})
    head.send(
        f"{SUPPLIES}create/",
        supplier=supplier,
        **{**SUPPLY, "code": "asked", "kind": "api", "adapter": "simulated"},
    )

    asked, mine = supplies(shop)
    assert "The supply is there. Now" not in own
    assert "The supply is there." in own
    assert (mine.kind, mine.supplier_id, mine.contract_until) == ("own", None, None)
    assert (asked.kind, str(asked.supplier_id)) == ("api", supplier)


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"code": "no spaces"}, "code", "letters, digits, dot, dash"),
        ({"name": ""}, "name", "1 to 100 characters"),
        ({"kind": "other"}, "kind", "one of the choices"),
        ({"supplier": ""}, "supplier", "it is missing"),
        ({"supplier": "999999999"}, "supplier", ""),
        ({"supplier": "films"}, "supplier", ""),
        ({"kind": "api"}, "adapter", "it is missing"),
        ({"kind": "api", "adapter": "nobody"}, "adapter", "one of the choices"),
        ({"product": "x" * 101}, "product", "at most 100 characters"),
        ({"contract_number": "x" * 61}, "contract_number", "at most 60 characters"),
        ({"cost": "1.234"}, "cost", "an amount like 12.50"),
        ({"cost": "-1"}, "cost", "an amount like 12.50"),
        ({"currency": "money"}, "currency", "three letters like CNY"),
        ({"charged_when": "never"}, "charged_when", "one of the choices"),
        ({"contract_until": "soon"}, "contract_until", "a day and a time"),
        ({"alarm_below": "few"}, "alarm_below", "a whole number"),
        ({"alarm_below": "2000000000"}, "alarm_below", "between 0 and 1000000000"),
    ],
)
def test_a_form_says_which_field_is_wrong_and_keeps_the_others(
    shop: Shop, wrong: dict[str, str], field: str, words: str
) -> None:
    head = shop.desk("head_office")
    form = {"supplier": make_supplier(head), **SUPPLY, **wrong}

    answer = post(head, f"{SUPPLIES}create/", **form)

    text = answer.content.decode()
    assert answer.status_code in {404, 422}
    assert f'aria-invalid="true" aria-describedby="problem-{field}"' in text
    assert text.count('role="alert"') == 1
    assert words in text
    assert 'value="2026-118"' in text or field == "contract_number"
    assert supplies(shop) == []


@pytest.mark.parametrize(
    ("wrong", "field"), [({"code": "no spaces"}, "code"), ({"name": " "}, "name")]
)
def test_the_form_of_a_supplier_says_so_too(shop: Shop, wrong: dict[str, str], field: str) -> None:
    form = {"code": "films", "name": "Films and more", **wrong}

    answer = post(shop.desk("head_office"), f"{SUPPLIERS}create/", **form)

    assert answer.status_code == 422
    assert f'id="problem-{field}"' in answer.content.decode()
    assert suppliers(shop) == []


def test_a_code_that_is_taken_is_told_at_the_code(shop: Shop) -> None:
    head = shop.desk("head_office")
    supplier = make_supplier(head)
    head.send(f"{SUPPLIES}create/", supplier=supplier, **SUPPLY)

    answers = [
        post(head, f"{SUPPLIERS}create/", code="films", name="Others"),
        post(head, f"{SUPPLIES}create/", supplier=supplier, **SUPPLY),
    ]

    assert [each.status_code for each in answers] == [409, 409]
    assert all('id="problem-code"' in each.content.decode() for each in answers)
    assert (len(suppliers(shop)), len(supplies(shop))) == (1, 1)


def test_two_taps_make_one(shop: Shop) -> None:
    head = shop.desk("head_office")
    numbers = {make_supplier(head) for _ in range(2)}
    form = {"supplier": numbers.copy().pop(), **SUPPLY}

    places = {post(head, f"{SUPPLIES}create/", **form).headers["Location"] for _ in range(2)}

    assert len(numbers) == len(suppliers(shop)) == 1
    assert len(places) == len(supplies(shop)) == 1


@pytest.mark.parametrize("role", ["clerk", "customer_service", "finance"])
def test_who_may_not_edit_benefits_makes_none(shop: Shop, role: str) -> None:
    desk = shop.desk(role, at=shop.world.near if role == "clerk" else None)

    answers = [
        desk.open(SUPPLIES)[0],
        desk.open(SUPPLIERS)[0],
        desk.send(f"{SUPPLIES}create/", **{**SUPPLY, "kind": "own"})[0],
        desk.send(f"{SUPPLIERS}create/", code="films", name="Films")[0],
    ]

    assert answers == [403] * 4
    assert "New supply" not in desk.open("/console/supplies/")[1]
    assert "New supply" in shop.desk("head_office").open("/console/supplies/")[1]
    assert (suppliers(shop), supplies(shop)) == ([], [])


def test_who_edits_at_one_place_alone_makes_none_for_the_whole_merchant(shop: Shop) -> None:
    desk = shop.desk("head_office", at=shop.world.near)

    answers = [
        desk.send(f"{SUPPLIES}create/", **{**SUPPLY, "kind": "own"})[0],
        desk.send(f"{SUPPLIERS}create/", code="films", name="Films")[0],
    ]

    assert answers == [403, 403]
    assert (suppliers(shop), supplies(shop)) == ([], [])


def test_strangers_log_in_first(shop: Shop) -> None:
    answers = [Client().get(path).status_code for path in (SUPPLIES, SUPPLIERS)]

    assert answers == [302, 302]


CHANGE = {
    "name": "A year of films",
    "contract_number": "2027-003",
    "contract_until": "2101-01-01T08:30",
    "alarm_below": "40",
    "reason": "renewed",
}


@pytest.fixture
def supply(shop: Shop) -> benefits.Supply:
    head = shop.desk("head_office")
    head.send(f"{SUPPLIES}create/", **{**SUPPLY, "supplier": make_supplier(head)})
    (made,) = supplies(shop)
    return made


def test_a_contract_is_renewed_and_the_price_stands(shop: Shop, supply: benefits.Supply) -> None:
    head = shop.desk("head_office")

    _, text = head.send(f"/console/supplies/{supply.id}/change/", **CHANGE)

    (changed,) = supplies(shop)
    assert "The supply is changed." in text
    assert "2027-003" in text
    assert changed == dataclasses.replace(
        supply,
        name="A year of films",
        contract_number="2027-003",
        contract_until=datetime(2101, 1, 1, 0, 30, tzinfo=UTC),
        alarm_below=40,
    )
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        entry = AuditEntry.objects.get(action="benefits.change_supply")
    assert entry.reason == "renewed"
    assert (entry.before["alarm_below"], entry.after["alarm_below"]) == (1, 40)


def test_the_form_of_a_change_begins_with_what_holds(shop: Shop, supply: benefits.Supply) -> None:
    page = shop.desk("head_office").client.get(f"/console/supplies/{supply.id}/").content.decode()

    assert 'name="contract_until" value="2099-12-31T00:00"' in page
    assert 'name="contract_number" value="2026-118"' in page
    assert 'name="alarm_below" value="1"' in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reason": " "}, "1 to 200 characters"),
        ({"reason": "ask 13800138000"}, "no telephone number or e-mail address"),
        ({"contract_until": "soon"}, "a day and a time"),
        ({"alarm_below": "2000000000"}, "between 0 and 1000000000"),
        ({"contract_number": "9" * 61}, "at most 60 characters"),
        ({"name": ""}, "1 to 100 characters"),
    ],
)
def test_a_change_that_is_refused_keeps_what_was_typed(
    shop: Shop, supply: benefits.Supply, wrong: dict[str, str], words: str
) -> None:
    head = shop.desk("head_office")

    status, text = head.send(f"/console/supplies/{supply.id}/change/", **{**CHANGE, **wrong})

    assert status == 422
    assert words in text
    assert supplies(shop) == [supply]


def test_who_may_only_look_changes_no_supply(shop: Shop, supply: benefits.Supply) -> None:
    status, _ = shop.desk("finance").send(f"/console/supplies/{supply.id}/change/", **CHANGE)

    assert status == 403
    assert supplies(shop) == [supply]
