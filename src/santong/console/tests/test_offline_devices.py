"""Two devices took one code while neither could ask: one wins, one is told, a person sees both."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from santong.console.tests.test_staged_pages import Desk
from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import make_staff, make_token
from santong.stagedsales.tests.factories import make_place, with_code

AtOnce = Callable[..., list[Any]]
TAKEN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)


class Device:
    """A clerk's phone at a store of its own, which took the code a while ago."""

    def __init__(self, merchant: int, name: str, code: str, *, minute: int) -> None:
        self.name = name
        self.taken_at = TAKEN + timedelta(minutes=minute)
        with tenancy.scope(merchant_id=merchant):
            self.place = make_place(merchant)
            self.token = make_token(
                merchant,
                role="clerk",
                location_id=self.place,
                permissions=["stagedsales.sell"],
            )
        self.row = {"nonce": name, "code": code, "redeemed_at": self.taken_at.isoformat()}

    def tell(self, key: str = "1") -> dict[str, Any]:
        """It has a network again, and tells what it took."""
        answer = Client().post(
            "/api/v1/staged-sale-redemption-batches",
            json.dumps({"device": self.name, "location_id": str(self.place), "rows": [self.row]}),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.token}",
                "Idempotency-Key": f"{self.name}-{key}",
            },
        )
        assert answer.status_code == 200, answer.content.decode()
        found: dict[str, Any] = json.loads(answer.content)["results"][0]
        return found


@pytest.fixture
def devices(merchant: int) -> list[Device]:
    with tenancy.scope(merchant_id=merchant):
        _, code = with_code(merchant_id=merchant, now=TAKEN - timedelta(days=1))
    return [Device(merchant, f"phone-{number}", code, minute=number) for number in range(2)]


@pytest.fixture
def desk(merchant: int) -> Desk:
    with tenancy.scope(merchant_id=merchant):
        make_staff(merchant, login="head", role="head_office")
        code = merchants.merchant(merchant_id=merchant).code
    return Desk(merchant, code)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["taken first", "taken second"])
def test_the_device_that_tells_first_has_the_code_whoever_took_it_first(
    devices: list[Device], desk: Desk, order: tuple[int, int]
) -> None:
    winner, other = (devices[place] for place in order)

    confirmed, double = winner.tell(), other.tell()

    assert (confirmed["outcome"], confirmed["first_at"]) == ("confirmed", None)
    assert_solved_by_a_person(desk, winner, other, double)
    assert other.tell("again") == double
    assert winner.tell("again") == confirmed


def test_of_two_devices_that_tell_at_once_one_has_the_code(
    devices: list[Device], desk: Desk, at_once: AtOnce
) -> None:
    results = at_once(*[device.tell for device in devices], *[device.tell for device in devices])

    told = dict(zip([device.name for device in devices], results[:2], strict=True))
    assert sorted(each["outcome"] for each in told.values()) == ["confirmed", "double"]
    assert results[2:] == results[:2]
    winner, other = sorted(devices, key=lambda device: told[device.name]["outcome"])
    assert_solved_by_a_person(desk, winner, other, told[other.name])


def assert_solved_by_a_person(
    desk: Desk, winner: Device, other: Device, double: dict[str, Any]
) -> None:
    """The device is told who was first, when and where; the store's page shows both."""
    assert (double["outcome"], double["why"]) == ("double", "redeemed")
    assert double["first_location_id"] == str(winner.place)
    assert datetime.fromisoformat(double["first_at"]) == winner.taken_at
    sale_id = double["staged_sale_id"]
    page = desk.get("staged-sales/")
    assert page.count("note bad") == 1
    warning = page[page.index("note bad") :]
    warning = warning[: warning.index("</p>")]
    assert warning.index(other.name) < warning.index(winner.name)
    assert f"/console/staged-sales/{sale_id}/" in warning
