"""What inventory refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from santong.inventory.contracts import Shortage
from santong.kernel.errors import Conflict


@dataclass
class InsufficientStock(Conflict):
    """What was asked for cannot be promised; nothing of it was."""

    code: ClassVar[str] = "inventory.insufficient_stock"
    short: Sequence[Shortage]


@dataclass
class NotPromisedHere(Conflict):
    """The place does not promise so much to these lines of the holder."""

    code: ClassVar[str] = "inventory.not_promised_here"
    holder: str
    location_id: int
    line_ids: Sequence[int]


@dataclass
class BelowZero(Conflict):
    """An adjustment would leave less than nothing on hand."""

    code: ClassVar[str] = "inventory.below_zero"
    location_id: int
    sku_id: int
    on_hand: int
    delta: int
