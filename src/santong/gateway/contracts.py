"""What the gateway is asked."""

from __future__ import annotations

from typing import Literal

IfShort = Literal["refuse", "accept"]
