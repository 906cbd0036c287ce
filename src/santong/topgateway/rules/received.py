"""A call as it was read: what was said, before anything is believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SYSTEM: Final = frozenset(
    {
        "app_key",
        "format",
        "method",
        "partner_id",
        "session",
        "sign",
        "sign_method",
        "simplify",
        "target_app_key",
        "timestamp",
        "v",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Parameters by name, each once; a raw body as it was sent; the names of files."""

    params: Mapping[str, str]
    body: bytes = b""
    files: tuple[str, ...] = ()

    def said(self, name: str) -> str:
        """A parameter, or nothing."""
        return self.params.get(name, "")

    def arguments(self) -> dict[str, object]:
        """What the call says beside the platform's own parameters; clients drop what is empty."""
        return {name: value for name, value in self.params.items() if value and name not in SYSTEM}
