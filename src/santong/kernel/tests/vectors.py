"""Requests and signatures that published client libraries made; they are not part of Santong."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

FILE = Path(settings.SANTONG_SHARED or "nowhere") / "protocols/top_vectors.json"
ABSENT = pytest.mark.skip(
    reason=f"{FILE} is not there: set SANTONG_SHARED to the folder that holds protocols"
)


def cases_of(kind: str) -> list[Any]:
    """The published cases of a kind; without the file, one that says that it is absent."""
    if not FILE.is_file():
        return [pytest.param({"id": "absent"}, marks=ABSENT)]
    found: list[Any] = _all()[kind]
    assert found, f"{FILE} has no {kind}"
    return found


@cache
def _all() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
