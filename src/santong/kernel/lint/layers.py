"""The order of the contexts, read from the one place that declares it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CONTRACT = "downwards"


def height_by_context(pyproject: Path) -> dict[str, int]:
    """How high each context stands; contexts on one line stand equally high."""
    lines = _lines(tomllib.loads(pyproject.read_text()))
    return {
        context: height
        for height, line in enumerate(reversed(lines))
        for context in (name.strip() for name in line.split("|"))
    }


def _lines(pyproject: Mapping[str, Any]) -> list[str]:
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["id"] == CONTRACT)
    return list(layers)
