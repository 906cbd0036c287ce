"""Which way an app goes, and what has to be there before it goes live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from santong.openplatform.contracts import AppState, Check
from santong.openplatform.rules.packs import PACKS, told_of_persons

GOES: Final[Mapping[AppState, tuple[AppState, ...]]] = {
    "draft": ("sandbox",),
    "sandbox": ("live", "suspended"),
    "live": ("suspended",),
    "suspended": ("sandbox", "live"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an app that is to go live."""

    name: str
    description: str
    packs: tuple[str, ...]
    approved_packs: tuple[str, ...]
    has_redirect: bool
    has_ip_ranges: bool
    has_passed_conformance: bool
    has_called: bool


def may_go(*, from_state: AppState, to_state: AppState) -> bool:
    """Whether an app may go from one state to another."""
    return to_state in GOES[from_state]


def go_live_checks(*, facts: Facts) -> list[Check]:
    """The list that is gone through before an app goes live, each line met or open.

    From where an app calls is said by whoever sees persons; whoever answers our calls has shown
    that it can.
    """
    needs_conformance = any(PACKS[code].needs_conformance for code in facts.packs if code in PACKS)
    return [
        Check(code="described", is_required=True, is_met=bool(facts.name and facts.description)),
        Check(code="redirect", is_required=True, is_met=facts.has_redirect),
        Check(
            code="approved",
            is_required=True,
            is_met=bool(facts.packs) and set(facts.packs) <= set(facts.approved_packs),
        ),
        Check(code="called", is_required=True, is_met=facts.has_called),
        Check(
            code="conformance",
            is_required=needs_conformance,
            is_met=facts.has_passed_conformance,
        ),
        Check(
            code="ip_ranges",
            is_required=told_of_persons(packs=facts.packs),
            is_met=facts.has_ip_ranges,
        ),
    ]


def open_checks(*, checks: list[Check]) -> list[str]:
    """What is required and not met yet."""
    return [check.code for check in checks if check.is_required and not check.is_met]
