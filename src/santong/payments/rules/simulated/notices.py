"""What the simulated provider tells, as JSON: written by it, read by us."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, cast

from santong.payments.contracts.providers import (
    Notice,
    Refused,
    Seen,
    SeenDispute,
    SeenMove,
)

_NOT_OURS: Final = "NOT_A_NOTICE"


def written(notice: Notice) -> str:
    """A notice as the body of a call."""
    found = {name: value for name, value in asdict(notice).items() if value is not None}
    return json.dumps(found, default=_instant, ensure_ascii=False, sort_keys=True)


def read(body: bytes) -> Notice:
    """A notice from the body of a call. Raises Refused where it is none."""
    try:
        found = cast("dict[str, Any]", json.loads(body))
        about = found["about"]
        notice = Notice(number=str(found["number"]), about=about, reference=str(found["reference"]))
        said = _dated(dict(found[_PART[about]]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused(_NOT_OURS) from None
    return _with(notice, said)


_PART: Final = {"payment": "payment", "refund": "move", "transfer": "move", "dispute": "dispute"}


def _with(notice: Notice, said: dict[str, Any]) -> Notice:
    try:
        match notice.about:
            case "payment":
                return _of(notice, payment=Seen(**said))
            case "dispute":
                return _of(notice, dispute=SeenDispute(**said))
            case "refund" | "transfer":
                return _of(notice, move=SeenMove(**said))
    except TypeError:
        raise Refused(_NOT_OURS) from None


def _of(
    notice: Notice,
    *,
    payment: Seen | None = None,
    move: SeenMove | None = None,
    dispute: SeenDispute | None = None,
) -> Notice:
    return Notice(
        number=notice.number,
        about=notice.about,
        reference=notice.reference,
        payment=payment,
        move=move,
        dispute=dispute,
    )


def _dated(said: dict[str, Any]) -> dict[str, Any]:
    at = said.get("at")
    return said if at is None else {**said, "at": datetime.fromisoformat(at)}


def _instant(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()
