"""Requests and signatures that published client libraries made."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def vectors() -> dict[str, Any]:
    """What stands in `top_vectors.json`."""
    found: dict[str, Any] = json.loads(
        Path(__file__).with_name("top_vectors.json").read_text(encoding="utf-8")
    )
    return found
