"""Why points moved stays in the books for ever, and names nobody."""

from __future__ import annotations

from collections.abc import Collection

from santong.customers import public as customers
from santong.membership.selectors.members import members_by_id


def refuse_naming(*, merchant_id: int, member_ids: Collection[int], reason: str) -> None:
    """Let no reason pass that names one of the members. Raises FieldInvalid."""
    found = members_by_id(merchant_id=merchant_id, member_ids=member_ids)
    customers.refuse_naming(
        merchant_id=merchant_id,
        person_ids=[member.person_id for member in found.values()],
        reason=reason,
    )
