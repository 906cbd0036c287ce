"""What the console itself refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict


@dataclass
class WayChanged(Conflict):
    """The money would go back another way than the one that was shown; nothing was done."""

    code: ClassVar[str] = "console.way_changed"
    document: str
