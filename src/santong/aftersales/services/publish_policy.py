"""What is granted after the sale, from now on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import connection

from santong.aftersales import contracts
from santong.aftersales.models import PolicyVersion
from santong.aftersales.rules.fields import clean_reason
from santong.aftersales.rules.policies import (
    check_policy,
    check_warranty,
    policy_to_json,
    warranty_to_json,
)
from santong.aftersales.selectors.policies import current_policy, current_warranty
from santong.aftersales.services.signature import signature
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing

_ONE_BY_ONE: Final = "SELECT pg_advisory_xact_lock(hashtext('aftersales.policy'), %s::integer)"


@all_or_nothing
def publish_policy(
    *, merchant_id: int, terms: contracts.CasePolicy, reason: str, now: datetime
) -> contracts.Policy:
    """Let cases be decided by a new policy. Those that are decided keep theirs.

    Raises FieldInvalid. Others who publish wait.
    """
    check_policy(terms)
    _wait_for_turn(merchant_id)
    before = current_policy(merchant_id=merchant_id)
    if before.version and before.terms == terms:
        return before
    row = _next(
        merchant_id, "policy", before.version, policy_to_json(terms), reason=reason, now=now
    )
    published: contracts.Policy = row.as_policy()
    return published


@all_or_nothing
def publish_warranty(
    *, merchant_id: int, terms: contracts.WarrantyTerms, reason: str, now: datetime
) -> contracts.Warranty:
    """Promise from now on for how long goods are repaired for nothing.

    Raises FieldInvalid. Others who publish wait.
    """
    check_warranty(terms)
    _wait_for_turn(merchant_id)
    before = current_warranty(merchant_id=merchant_id)
    if before.version and before.terms == terms:
        return before
    row = _next(
        merchant_id, "warranty", before.version, warranty_to_json(terms), reason=reason, now=now
    )
    published: contracts.Warranty = row.as_warranty()
    return published


def _next(
    merchant_id: int,
    about: str,
    before: int,
    terms: Mapping[str, Any],
    *,
    reason: str,
    now: datetime,
) -> PolicyVersion:
    """The version after one that was read while nobody else publishes."""
    row: PolicyVersion = PolicyVersion.objects.create(
        merchant_id=merchant_id,
        about=about,
        version=before + 1,
        terms=dict(terms),
        reason=clean_reason(reason),
        published_by=signature(),
        published_at=now,
    )
    audit.record(
        audit.Change(
            action=f"aftersales.publish_{about}",
            subject=f"case_{about}",
            subject_id=row.id,
            reason=row.reason,
            before={"version": before},
            after={"version": row.version},
        ),
        now=now,
    )
    return row


def _wait_for_turn(merchant_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ONE_BY_ONE, [merchant_id % 2**31])
