"""How a provider's limits are written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from santong.settlement.contracts import PayoutLimits

_LIMITS = TypeAdapter(PayoutLimits)


def limits_to_json(limits: PayoutLimits) -> dict[str, Any]:
    """PayoutLimits as they are kept."""
    written: dict[str, Any] = _LIMITS.dump_python(limits, mode="json")
    return written


def limits_from_json(written: Mapping[str, Any]) -> PayoutLimits:
    """PayoutLimits as they were kept."""
    return _LIMITS.validate_python(dict(written))
