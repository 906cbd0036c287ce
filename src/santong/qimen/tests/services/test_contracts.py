"""Who is connected, and what they call our things."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from santong.kernel import names, tenancy
from santong.kernel.errors import FieldInvalid, VersionMoved
from santong.orders.tests.factories import make_shop
from santong.qimen import public as qimen
from santong.qimen.tests.factories import NOW, make_contract
from santong.stores.tests.factories import make_location


def test_a_contract_names_places_and_shops_that_are_there(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant, sku_codes=["COAT"])
        place = make_location(merchant_id=merchant, code="SH01")
        warehouse = qimen.Warehouse(code="WH-SH01", location_code=place.code)

        made = make_contract(
            merchant, warehouses=(warehouse,), storefront_by_shop={"三通旗舰店": "flagship"}
        )

        assert qimen.contracts_of(merchant_id=merchant) == [made]
        assert made.warehouses == (warehouse,)
        assert qimen.check_invariants(merchant_id=merchant) == []


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"url": "ftp://wms.example"}, "/url"),
        ({"url": "https://me:secret@wms.example"}, "/url"),
        ({"storefront_by_shop": {"店": "nowhere"}}, "/storefront_by_shop"),
        (
            {"warehouses": (qimen.Warehouse(code="W", location_code="none"),)},
            "/warehouses/0/location_code",
        ),
        ({"quirks": qimen.Quirks(answers_within_ms=1)}, "/quirks/answers_within_ms"),
        ({"quirks": qimen.Quirks(success_code="")}, "/quirks/success_code"),
        ({"customer_id": ""}, "/customer_id"),
    ],
)
def test_refuses_what_could_not_work(merchant: int, given: dict[str, object], pointer: str) -> None:
    with (
        pytest.raises(FieldInvalid) as refused,
        tenancy.scope(merchant_id=merchant),
    ):
        make_contract(merchant, **given)

    assert refused.value.pointer == pointer


def test_an_application_that_nobody_has_is_refused(merchant: int) -> None:
    wanted = qimen.NewContract(
        code="erp", name="ERP", side="erp", app_key="nobody", customer_id=f"c{merchant}"
    )

    with pytest.raises(FieldInvalid) as refused, tenancy.scope(merchant_id=merchant):
        qimen.create_contract(merchant_id=merchant, wanted=wanted, now=NOW)

    assert refused.value.pointer == "/app_key"


def test_an_application_speaks_for_a_customer_of_one_merchant(
    merchant: int, new_merchant: Callable[..., int]
) -> None:
    other_merchant = new_merchant()
    with tenancy.scope(merchant_id=merchant):
        mine = make_contract(merchant)

    with (
        pytest.raises(qimen.CustomerIdTaken),
        tenancy.scope(merchant_id=other_merchant),
    ):
        make_contract(other_merchant, app_key=mine.app_key, customer_id=mine.customer_id)

    assert names.merchant_of(kind="qimen", name=f"{mine.app_key}:{mine.customer_id}") == merchant


def test_the_orders_of_a_place_are_sent_by_one_system(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        place = make_location(merchant_id=merchant, code="SH01")
        told = qimen.Warehouse(code="A", location_code=place.code, is_told_of_orders=True)
        make_contract(merchant, warehouses=(told,))

    with pytest.raises(qimen.PlaceToldTwice), tenancy.scope(merchant_id=merchant):
        make_contract(merchant, warehouses=(dataclasses.replace(told, code="B"),))


def test_a_change_overwrites_nobodys_change(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        made = make_contract(merchant)
        change = qimen.ContractChange(name="富勒", quirks=qimen.Quirks(success_code="200"))
        changed = qimen.update_contract(
            merchant_id=merchant,
            contract_id=made.id,
            change=change,
            expected_version=made.version,
            now=NOW,
        )

        assert (changed.name, changed.quirks.success_code) == ("富勒", "200")

    with pytest.raises(VersionMoved), tenancy.scope(merchant_id=merchant):
        qimen.update_contract(
            merchant_id=merchant,
            contract_id=made.id,
            change=change,
            expected_version=made.version,
            now=NOW,
        )


def test_a_contract_is_paused_once_and_goes_on(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        made = make_contract(merchant)
        qimen.pause_contract(merchant_id=merchant, contract_id=made.id, reason="move", now=NOW)
        paused = qimen.pause_contract(
            merchant_id=merchant, contract_id=made.id, reason="moving", now=NOW
        )
        again = qimen.resume_contract(
            merchant_id=merchant, contract_id=made.id, reason="moved", now=NOW
        )

    assert (paused.state, paused.version, again.state) == ("paused", 2, "active")
