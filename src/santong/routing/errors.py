"""What routing refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict


@dataclass
class OutOfStock(Conflict):
    """Not everything can be promised, and the channel wants all or nothing. Nothing was placed."""

    code: ClassVar[str] = "routing.out_of_stock"
    missing_by_sku: Mapping[str, int]


@dataclass
class NothingCanServe(Conflict):
    """No other place can take over what has to be sent."""

    code: ClassVar[str] = "routing.nothing_can_serve"
    order_id: int
    missing_by_line: Mapping[int, int]


@dataclass
class TooContended(Conflict):
    """Others were faster at every place that was tried; the same request may succeed."""

    code: ClassVar[str] = "routing.too_contended"
    tries: int
