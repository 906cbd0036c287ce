"""Where an agreement's page answers."""

from __future__ import annotations


def page_path(*, token: str) -> str:
    """The path of the buyer's page."""
    return f"/a/{token}/"
