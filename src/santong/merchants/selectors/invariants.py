"""What must hold of a merchant's people and keys; `doctor` asks."""

from __future__ import annotations

from collections.abc import Iterator

from santong.kernel.doctor import Finding
from santong.merchants.models import ApiToken, Merchant, Role, RoleGrant, Session, StaffUser
from santong.merchants.rules.permissions import PERMISSIONS


def check_invariants(*, merchant_id: int) -> list[Finding]:
    """The broken rules of one merchant, each with the rows that break it."""
    return [
        Finding("merchants", rule, detail)
        for rule, detail in [
            *_described(merchant_id),
            *_manageable(merchant_id),
            *_sessions(merchant_id),
            *_tokens(merchant_id),
        ]
    ]


def _described(merchant_id: int) -> Iterator[tuple[str, str]]:
    if not Merchant.objects.of_merchant(merchant_id).exists():
        yield "a merchant of the directory is described", f"merchant {merchant_id} has no row"


def _manageable(merchant_id: int) -> Iterator[tuple[str, str]]:
    people = StaffUser.objects.filter(merchant_id=merchant_id)
    head = RoleGrant.objects.of_merchant(merchant_id).filter(
        role=Role.HEAD_OFFICE, brand=None, dealer=None, location_id=None, staff__is_active=True
    )
    if people.exists() and not head.exists():
        yield "somebody can manage the merchant", "no active head office is left"


def _sessions(merchant_id: int) -> Iterator[tuple[str, str]]:
    lost = Session.objects.of_merchant(merchant_id).filter(staff__is_active=False)
    for session_id in lost.values_list("id", flat=True):
        yield "who is disabled is logged out", f"session {session_id}"


def _tokens(merchant_id: int) -> Iterator[tuple[str, str]]:
    rows = ApiToken.objects.of_merchant(merchant_id).values_list("id", "permissions")
    for token_id, permissions in rows:
        if not set(permissions) <= PERMISSIONS:
            yield "a token asks for known permissions", f"token {token_id}"
