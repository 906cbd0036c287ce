"""A system is connected, changed, hurried and listened to again at the desk."""

from __future__ import annotations

import pytest

from santong.console.tests.desk import Shop, open_shop
from santong.kernel import names, tenancy
from santong.qimen import public as qimen
from santong.qimen.tests.factories import log_in, make_contract, queue_out


@pytest.fixture
def shop(merchant: int) -> Shop:
    return open_shop(merchant)


@pytest.fixture
def contract(shop: Shop) -> qimen.Contract:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        made = make_contract(shop.world.merchant_id, name="ERP One", url="https://erp.example/q")
        log_in(shop.world.merchant_id, made.id)
        queue_out(shop.world.merchant_id, made.id)
        return made


def contracts(shop: Shop) -> list[qimen.Contract]:
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        return qimen.contracts_of(merchant_id=shop.world.merchant_id)


def test_a_system_is_connected_with_its_codes_line_by_line(shop: Shop) -> None:
    merchant_id = shop.world.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        names.take(kind="app", name=f"desk-{merchant_id}", merchant_id=merchant_id)
    desk = shop.desk("head_office")
    form = {"side": "wms", "code": "wms", "name": "富勒", "app_key": f"desk-{merchant_id}"}

    wrong = desk.send(
        "/console/systems/connect/", **form, customer_id=f"d{merchant_id}", shops="A B"
    )
    status, text = desk.send(
        "/console/systems/connect/", **form, customer_id=f"d{merchant_id}", carriers="SF = sf\n"
    )

    assert wrong[0] == 422
    assert (status, "The system is connected." in text) == (200, True)
    assert [(each.side, dict(each.carrier_by_code)) for each in contracts(shop)] == [
        ("wms", {"SF": "sf"})
    ]


def test_the_log_shows_no_person_and_a_message_is_taken_again(
    shop: Shop, contract: qimen.Contract
) -> None:
    desk = shop.desk("head_office")
    status, text = desk.open(f"/console/systems/{contract.id}/")
    with tenancy.scope(merchant_id=shop.world.merchant_id):
        (said,) = qimen.messages_of(merchant_id=shop.world.merchant_id, contract_id=contract.id)

    again = desk.send(f"/console/systems/{contract.id}/messages/{said.id}/again/", reason="mended")

    assert status == 200
    assert "DO20261111001" in text
    assert "Somebody" not in text
    assert "13800000002" not in text
    assert "was refused again" in again[1]


def test_what_waits_is_hurried_and_a_system_is_paused(shop: Shop, contract: qimen.Contract) -> None:
    desk = shop.desk("head_office")

    hurried = desk.send(f"/console/systems/{contract.id}/send-now/", reason="it is up")
    paused = desk.send(f"/console/systems/{contract.id}/pause/", reason="moving")

    assert "1 message is sent now." in hurried[1]
    assert "What is to be sent waits." in paused[1]
    assert [each.state for each in contracts(shop)] == ["paused"]


def test_a_warehouse_looks_and_changes_nothing(shop: Shop, contract: qimen.Contract) -> None:
    desk = shop.desk("warehouse")

    assert desk.open(f"/console/systems/{contract.id}/")[0] == 200
    assert desk.send(f"/console/systems/{contract.id}/pause/", reason="moving")[0] == 403
    assert [each.state for each in contracts(shop)] == ["active"]


def contract_merchant(shop: Shop) -> int:
    return shop.world.merchant_id
