"""Requests that published clients sent: each is read as it was meant, and its signature holds."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

import pytest

from santong.kernel.tests.vectors import cases_of
from santong.topgateway import errors
from santong.topgateway.documents.wire import read
from santong.topgateway.errors import Refused
from santong.topgateway.rules.received import Received
from santong.topgateway.rules.verifying import (
    app_key,
    check_signature,
    check_time,
    check_version,
    method_name,
)

CASES = cases_of("http_requests")
IDS = [case["id"] for case in CASES if isinstance(case, dict)] or None


def received(case: dict[str, Any]) -> Received:
    headers = {name.lower(): value for name, value in case["headers"]}
    _, _, query = case["target"].partition("?")
    return read(
        http_method=case["http_method"],
        query=query,
        content_type=headers["content-type"],
        body=case["body"].encode(),
    )


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_it_is_read_and_its_signature_holds(case: dict[str, Any]) -> None:
    expected, now = case["expect"], datetime.fromisoformat(case["clock_utc"])

    found = received(case)

    assert {name: value for name, value in found.params.items() if name != "sign"} == expected[
        "signed_params"
    ]
    assert found.body.decode() == (expected["signed_body"] or "")
    assert list(found.files) == expected["unsigned_file_parts"]
    assert method_name(found) == expected["method"]
    assert app_key(found) == "12129701"
    check_version(found)
    check_time(found, now=now)
    check_signature(found, secrets=["another", case["app_secret"]])


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_whatever_is_changed_afterwards_is_noticed(case: dict[str, Any]) -> None:
    found = received(case)
    changed = [
        dataclasses.replace(found, params={**found.params, name: f"{value}1"})
        for name, value in found.params.items()
        if name not in {"sign", "sign_method"}
    ]
    changed += [
        dataclasses.replace(found, params={**found.params, "added": "1"}),
        dataclasses.replace(found, body=found.body + b" "),
    ]

    for each in changed:
        with pytest.raises(Refused) as refused:
            check_signature(each, secrets=[case["app_secret"]])
        assert refused.value.code == errors.INVALID_SIGNATURE


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_another_secret_has_not_signed_it(case: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        check_signature(received(case), secrets=["0" * 32])

    assert refused.value.code == errors.INVALID_SIGNATURE
