"""The door of messaging: what other contexts may use."""

from __future__ import annotations

__all__: list[str] = []
