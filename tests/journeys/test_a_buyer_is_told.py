"""A buyer without a log-in is told when somebody comes, follows the link, and moves the visit."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client

from santong.storefront.tests.factories import messages_to, send_all
from tests.journeys.http import tell_all
from tests.journeys.test_a_technician_does_not_come import MEASURING
from tests.journeys.test_a_wooden_door import VISIT, House, house

__all__ = ["house"]

PHONE = "+8619900001111"


def told(house: House) -> list[str]:
    """What has arrived on the buyer's phone by the next day: nobody is woken."""
    tell_all()
    send_all(house.merchant, now=datetime.now(UTC) + timedelta(days=1))
    return messages_to(house.merchant, PHONE)


def path_in(text: str) -> str:
    found = re.search(r"https://shop\.example(/v/\S+/)$", text)
    assert found is not None, text
    return found[1]


def window_on(house: House, visit: dict[str, Any], on: date) -> str:
    (day,) = house.office.get(f"/visits/{visit['id']}/windows?on={on.isoformat()}&days=1")
    starts: str = day["windows"][0]["starts_at"]
    return starts


def test_a_buyer_follows_the_link_in_a_message_and_moves_the_visit(
    house: House, settings: Any
) -> None:
    settings.SANTONG_PUBLIC_URL = "https://shop.example"
    house.office.post("/service-types", MEASURING)
    wanted = {**VISIT, "service_type": "measuring", "wait_for_goods": False}
    visit = house.office.post("/visits", {**wanted, "document": "stagedsale:1"}, expect=201)
    path, on = f"/visits/{visit['id']}", datetime.now(UTC).date()

    (offered,) = told(house)
    soon = {"window_from": window_on(house, visit, on + timedelta(days=4))}
    house.office.post(f"{path}/book", soon)
    booked = told(house)[-1]
    buyer, page = Client(), path_in(booked)
    moved_to = window_on(house, visit, on + timedelta(days=5))
    for what in ("hold", "take"):
        answer = buyer.post(page, {"do": what, "window": moved_to, "key": what})
        assert answer.status_code == 302, answer.content.decode()

    assert "上门测量" in buyer.get(page).content.decode()
    assert path_in(offered) == page
    assert house.office.get(f"{path}/link")["path"] == page
    assert house.office.get(path)["window"]["starts_at"] == moved_to
    assert len(told(house)) == 2
    house.office.post(f"{path}/link")
    assert buyer.get(page).status_code == 404
