"""The routing policy over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.merchants.tests.factories import make_token

PATH = "/api/v1/routing-policy"


@pytest.fixture
def caller(merchant: int) -> Client:
    with tenancy.scope(merchant_id=merchant):
        return Client(headers={"Authorization": f"Bearer {make_token(merchant)}"})


def put(client: Client, body: object, *, version: str | None = '"0"') -> Any:
    headers = {} if version is None else {"If-Match": version}
    return client.put(PATH, json.dumps(body), content_type="application/json", headers=headers)


def policy_of(client: Client) -> dict[str, Any]:
    shown = client.get(PATH).json()
    return {"tariff": shown["tariff"], "limit": shown["limit"]}


def test_a_policy_is_read_changed_and_read_again(caller: Client) -> None:
    shown = caller.get(PATH)
    wanted = policy_of(caller)
    wanted["tariff"]["parcel_cost_milli"] = 250_000
    wanted["limit"] |= {"parcels_max": 3, "when_exceeded": "hold"}

    changed = put(caller, wanted, version=shown["ETag"])

    assert (shown["ETag"], shown.json()["version"]) == ('"0"', 0)
    assert (changed.status_code, changed["ETag"]) == (200, '"1"')
    assert {**changed.json()} == {**caller.get(PATH).json()}
    assert policy_of(caller) == wanted


def test_a_change_needs_to_know_what_it_changes(caller: Client) -> None:
    wanted = policy_of(caller)
    wanted["tariff"]["delay_cost_milli"] = 1
    put(caller, wanted)
    wanted["tariff"]["delay_cost_milli"] = 2

    late, blind = put(caller, wanted), put(caller, wanted, version=None)

    assert (late.status_code, late.json()["code"]) == (412, "kernel.version_moved")
    assert (blind.status_code, blind.json()["code"]) == (428, "kernel.version_missing")
    assert policy_of(caller)["tariff"]["delay_cost_milli"] == 1


def without(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda policy: {
        **policy,
        "tariff": {field: rate for field, rate in policy["tariff"].items() if field != name},
    }


def with_rate(name: str, rate: object) -> Callable[[dict[str, Any]], object]:
    return lambda policy: {**policy, "tariff": {**policy["tariff"], name: rate}}


def with_limit(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda policy: {**policy, "limit": {**policy["limit"], name: value}}


@pytest.mark.parametrize(
    "spoiled",
    [
        without("parcel_cost_milli"),
        with_rate("parcel_cost_milli", -1),
        with_rate("parcel_cost_milli", "100"),
        with_rate("parcel_cost_milli", 1.5),
        with_rate("parcel_micro_per_km", 10**12),
        with_rate("parcel_cost", 1),
        with_limit("parcels_max", 0),
        with_limit("when_exceeded", "never"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(
    caller: Client, spoiled: Callable[[dict[str, Any]], object]
) -> None:
    answer = put(caller, spoiled(policy_of(caller)))

    assert answer.status_code == 422
    assert caller.get(PATH)["ETag"] == '"0"'


def test_who_may_look_may_not_change(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        secret = make_token(merchant, permissions={"routing.view"})
    onlooker = Client(headers={"Authorization": f"Bearer {secret}"})
    wanted = policy_of(onlooker)
    wanted["tariff"]["parcel_cost_milli"] = 1

    answer = put(onlooker, wanted)

    assert (answer.status_code, answer.json()["permission"]) == (403, "routing.edit")
    assert onlooker.get(PATH)["ETag"] == '"0"'
