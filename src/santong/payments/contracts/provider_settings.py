"""What a payment account has to be told, so that its provider can be spoken to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SettingKind = Literal[
    "text",
    "digits",
    "choice",
    "url",
    "pairs",
    "private_key",
    "public_key",
    "certificate",
    "certificates",
    "key_of_32",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One field of an account's form. A secret is sealed and never shown again."""

    name: str
    kind: SettingKind
    is_secret: bool = False
    is_required: bool = False
    choices: tuple[str, ...] = ()
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingProblem:
    """What is wrong with one field: `missing`, `unknown`, or why its value makes no sense."""

    name: str
    reason: str
    is_secret: bool = False

    @property
    def pointer(self) -> str:
        """Where it stands in what was handed in."""
        return f"/{'secrets' if self.is_secret else 'settings'}/{self.name}"
