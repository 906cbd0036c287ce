"""A name as screens show it: enough to recognise, too little to know."""

from __future__ import annotations


def masked_name(name: str) -> str:
    """The first sign of a name; nothing of no name."""
    return name[:1] + "*" * min(len(name) - 1, 2) if name else ""
