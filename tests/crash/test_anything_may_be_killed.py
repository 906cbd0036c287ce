"""Everything is killed at random while orders come in over HTTP and from a running replay.

Server, streams, worker, relay, stores, the replay itself, and PostgreSQL; each is started again,
and the replay goes on where it was.

What was acknowledged is there, every invariant holds, nothing was sold that was not there. The seed
is printed with every failure; `SANTONG_CRASH_ROUNDS` and `SANTONG_CRASH_SEED` make longer and
other runs.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
import time
from pathlib import Path
from typing import Any

import psycopg

from tests.crash.installation import Installation, installed
from tests.crash.published import publish
from tests.journeys.shop import order_document

ROUNDS = int(os.environ.get("SANTONG_CRASH_ROUNDS", "1"))
SEED = int(os.environ.get("SANTONG_CRASH_SEED", "20261121"))
PARTS = ("server", "streams", "worker", "relay", "stores", "replay")
CHANNELS = 4


class Channel(threading.Thread):
    """Hands in orders one after the other, each with one key until it is answered."""

    def __init__(self, number: int, port: int, token: str, skus: list[str]) -> None:
        super().__init__(daemon=True)
        self.number, self.port, self.token, self.skus = number, port, token, skus
        self.chance = random.Random(SEED + number)
        self.stop = threading.Event()
        self.taken: dict[str, str] = {}
        self.refused: dict[str, int] = {}
        self.retries = 0

    def run(self) -> None:
        sent = 0
        while not self.stop.is_set():
            number = f"C{self.number}-{sent}"
            self._until_answered(number, self._document(number))
            sent += 1

    def _document(self, number: str) -> dict[str, Any]:
        document = order_document() | {"external_number": number}
        document["lines"] = [
            {"sku_code": sku, "quantity": 1, "unit_price_minor": 19_900}
            for sku in self.chance.sample(self.skus, self.chance.choice((1, 1, 2)))
        ]
        document["payment"] |= {
            "external_id": f"pay-{number}",
            "amount_minor": 19_900 * len(document["lines"]),
        }
        return document

    def _until_answered(self, number: str, document: dict[str, Any]) -> None:
        while not self.stop.is_set():
            try:
                status, body = self._post(number, document)
            except (OSError, http.client.HTTPException, ValueError):
                self.retries += 1
                time.sleep(0.1)
                continue
            if status in {200, 201}:
                self.taken[number] = body["order"]["id"]
                return
            if status == 409:
                self.refused[body["code"]] = self.refused.get(body["code"], 0) + 1
                return
            self.retries += 1
            time.sleep(0.1)

    def _post(self, number: str, document: dict[str, Any]) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(
                "POST",
                "/api/v1/orders?if_short=refuse",
                json.dumps(document),
                {
                    "Authorization": f"Bearer {self.token}",
                    "Content-Type": "application/json",
                    "Idempotency-Key": f"crash-{number}",
                },
            )
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


def test_nothing_acknowledged_is_lost_and_nothing_is_sold_twice(tmp_path: Path) -> None:
    with installed(tmp_path) as (installation, merchant):
        publish(installation.published, seed=SEED)
        for part in PARTS:
            installation.start(part)
        installation.wait_until_ready()
        channels = [
            Channel(number, installation.port, str(merchant["token"]), list(merchant["skus"]))  # type: ignore[call-overload]
            for number in range(CHANNELS)
        ]
        for channel in channels:
            channel.start()

        killed = kill_at_random(installation)
        for channel in channels:
            channel.stop.set()
        for channel in channels:
            channel.join(60)
        for part in ("replay", "stores", "streams", "worker", "relay"):
            installation.kill(part)
        told = installation.run("-m", "santong", "relay", "--once")
        taken = {number: order for channel in channels for number, order in channel.taken.items()}
        replayed = acknowledged(installation)
        examined = installation.run("-m", "santong", "doctor")
        there = ids_there(installation)
        known = taken | replayed
        lost = [number for number, order_id in known.items() if order_id not in there]

    about = f"seed {SEED}, killed {killed}, orders: {len(taken)} taken, {len(replayed)} replayed"
    assert told.returncode == 0, (about, told.stderr[-2000:])
    assert taken, (about, [channel.refused for channel in channels])
    assert replayed, about
    assert lost == [], about
    assert examined.returncode == 0, (about, examined.stdout, examined.stderr[-2000:])
    assert killed == dict.fromkeys((*PARTS, "postgres"), ROUNDS), about


def kill_at_random(installation: Installation) -> dict[str, int]:
    """Kill a part every second or three and start it again: in each round all, in any order."""
    chance = random.Random(SEED)
    killed = dict.fromkeys((*PARTS, "postgres"), 0)
    for part in (part for _ in range(ROUNDS) for part in chance.sample(list(killed), len(killed))):
        time.sleep(chance.uniform(1, 3))
        installation.start_if_ended("replay")
        installation.kill(part)
        killed[part] += 1
        time.sleep(chance.uniform(0, 0.3))
        installation.start(part)
        if part in {"server", "postgres"}:
            installation.wait_until_ready()
    return killed


def acknowledged(installation: Installation) -> dict[str, str]:
    """What the replay has written down, but for a line that was cut off while it was written."""
    whole = installation.acknowledged.read_text().rpartition("\n")[0]
    return dict(line.split() for line in whole.splitlines())


def ids_there(installation: Installation) -> set[str]:
    """Every order that can be read: the test's own look behind the door."""
    with psycopg.connect(installation.cluster.superuser_url, dbname="santong") as connection:
        rows = connection.execute("SELECT id FROM cell_main.orders_order").fetchall()
    return {str(order_id) for (order_id,) in rows}
