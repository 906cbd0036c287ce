"""Published requests, spoilt in every way: read or refused, never broken, and nothing is kept.

Quick enough for millions: `SANTONG_FUZZ_CASES=20000` spoils four million (with `--timeout=0`).
"""

from __future__ import annotations

import os
import random
import resource
from typing import Any, Final

from santong.kernel.tests.vectors import cases_of
from santong.topgateway.documents.wire import read
from santong.topgateway.errors import Refused
from santong.topgateway.rules.verifying import check_signature, style_of

CASES: Final = int(os.environ.get("SANTONG_FUZZ_CASES", "12"))
SPOILT: Final = CASES * 200
MOST_KEPT_KB: Final = 40_000
SCRAPS: Final = [
    b"&", b"=", b"%", b"%00", b"%ff", b"+", b"--", b"\r\n", b'"', b";", b":", b"\x00", b"\xff",
    b"name=", b"filename=", b"sign=", b"a=1&", b"<!DOCTYPE a>", b"[" * 50, b"\xe4\xb8",
]  # fmt: skip


def spoil(dice: random.Random, sent: bytes) -> bytes:
    """A few bytes changed, cut out, doubled or put in."""
    for _ in range(dice.randrange(1, 5)):
        at, until = sorted((dice.randrange(len(sent) + 1), dice.randrange(len(sent) + 1)))
        way = dice.randrange(4)
        if way == 0:
            sent = sent[:at] + dice.choice(SCRAPS) + sent[at:]
        elif way == 1:
            sent = sent[:at] + sent[min(until, at + 20) :]
        elif way == 2:
            sent = sent[:until] + sent[at : at + 40] + sent[until:]
        elif sent:
            sent = sent[:at] + bytes([dice.randrange(256)]) + sent[at + 1 :]
    return sent


def test_spoilt_requests_break_nothing() -> None:
    requests: list[Any] = [case for case in cases_of("http_requests") if isinstance(case, dict)]
    dice = random.Random(20261123)
    began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    read_well = sum(_is_read(dice, dice.choice(requests)) for _ in range(SPOILT if requests else 0))

    assert read_well < SPOILT
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - began < MOST_KEPT_KB


def _is_read(dice: random.Random, case: dict[str, Any]) -> bool:
    headers = {name.lower(): value for name, value in case["headers"]}
    parts = [case["target"].partition("?")[2].encode(), headers["content-type"].encode()]
    query, content_type, body = *parts, case["body"].encode()
    spoilt = dice.randrange(8)
    query = spoil(dice, query) if spoilt & 1 else query
    content_type = spoil(dice, content_type) if spoilt & 2 else content_type
    body = spoil(dice, body) if spoilt & 4 or not spoilt else body
    try:
        received = read(
            http_method=case["http_method"],
            query=query.decode("latin-1"),
            content_type=content_type.decode("latin-1"),
            body=body,
        )
        style_of(received)
        check_signature(received, secrets=[case["app_secret"]])
    except Refused:
        return False
    return True
