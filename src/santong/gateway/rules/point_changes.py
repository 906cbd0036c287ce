"""What a marketplace's shop does with points (积分兑换): a message, and how it is called back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from santong.gateway.rules.member_calls import MemberCall, Unreadable, read_call

# The topic of the message, which is its method here: messages come over the same signed address.
POINT_CHANGE: Final = "tmall_mei_PointChange"
DEDUCT: Final = "1"
ADD: Final = "2"
MOST_POINTS: Final = 10**9
LONGEST_RECORD: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PointChange:
    """Points that a shopper spends in the marketplace, or gets back; once by `record_id`."""

    record_id: str
    is_deduction: bool
    points: int
    exchange: str
    who: MemberCall


def read_point_change(*, fields: Mapping[str, object]) -> PointChange:
    """A message from its fields. Raises Unreadable."""
    record_id = _code(fields, "record_id")
    kind = str(fields.get("type", ""))
    if kind not in {DEDUCT, ADD}:
        raise Unreadable("type")
    points = str(fields.get("point", ""))
    if not (points.isascii() and points.isdigit()) or not 0 < len(points) <= len(str(MOST_POINTS)):
        raise Unreadable("point")
    if not 0 < int(points) <= MOST_POINTS:
        raise Unreadable("point")
    # Whoever is spoken of is named as in a member query.
    who = read_call(contract="member_query", fields=fields)
    return PointChange(
        record_id=record_id,
        is_deduction=kind == DEDUCT,
        points=int(points),
        exchange=_exchange(fields.get("ext_info")) or record_id,
        who=who,
    )


def callback_fields(
    *, change: PointChange, error_code: str, points: int | None
) -> dict[str, object]:
    """What is called back: whether it was done, and how many points are left."""
    return {
        "record_id": change.record_id,
        "result": 1 if error_code else 0,
        "error_code": error_code,
        "mix_mobile": change.who.mix_mobile,
        "point": "" if points is None else points,
    }


def _exchange(ext_info: object) -> str:
    """The order that an exchange and its cancellation have in common."""
    if not isinstance(ext_info, str) or len(ext_info) > LONGEST_RECORD * 20:
        return ""
    try:
        found = json.loads(ext_info)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(found, dict):
        return ""
    order_id = cast("dict[str, object]", found).get("order_id")
    text = str(order_id) if isinstance(order_id, str | int) else ""
    return text if text.isascii() and text.isalnum() and len(text) <= LONGEST_RECORD else ""


def _code(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not (0 < len(text) <= LONGEST_RECORD and text.isascii() and text.isprintable()):
        raise Unreadable(name)
    return text
