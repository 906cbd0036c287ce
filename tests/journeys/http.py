"""Somebody with a token who talks to the API, and to nothing else."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from santong.kernel import cells, relay, tenancy
from santong.merchants.public import PERMISSIONS_BY_ROLE
from santong.merchants.tests.factories import make_token

_keys = itertools.count(1)


@dataclass(frozen=True)
class Caller:
    """Every command goes out with a key of its own, unless the journey repeats one."""

    secret: str

    def get(self, path: str) -> Any:
        answer = Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.secret}"})
        assert answer.status_code == 200, (path, answer.status_code, answer.content)
        return json.loads(answer.content)

    def post(self, path: str, body: object = None, *, expect: int = 200, key: str = "") -> Any:
        answer = Client().post(
            f"/api/v1{path}",
            json.dumps(body) if body is not None else b"",
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.secret}",
                "Idempotency-Key": key or f"journey-{next(_keys)}",
            },
        )
        assert answer.status_code == expect, (path, answer.status_code, answer.content.decode())
        return json.loads(answer.content)


def caller(
    merchant_id: int, *, role: str = "head_office", location_id: int | None = None
) -> Caller:
    with tenancy.scope(merchant_id=merchant_id):
        return Caller(
            make_token(
                merchant_id,
                role=role,
                location_id=location_id,
                permissions=PERMISSIONS_BY_ROLE[role],
            )
        )


def tell_all() -> None:
    """What the relay does all day."""
    for cell in cells.all_cells():
        relay.drain(cell=cell, wait_seconds=120)
