"""Publish rules of sharing."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.settlement import contracts
from santong.settlement.errors import TooEarly
from santong.settlement.events import RulesPublished
from santong.settlement.models import RuleSet
from santong.settlement.rules.terms import check_terms, clean_reason, terms_to_json
from santong.settlement.services.signature import signature

# Two who publish at once would both be the next version: one waits for the other.
_ONE_BY_ONE = "SELECT pg_advisory_xact_lock(hashtext('settlement.rules'), %s::integer)"


@all_or_nothing
def publish_rules(
    *,
    merchant_id: int,
    terms: contracts.SharingTerms,
    reason: str,
    valid_from: datetime | None = None,
    now: datetime,
) -> contracts.RuleSet:
    """Share by new rules what is paid from an instant on (now, without one): the next version.

    What was shared stays as it was.

    Raises FieldInvalid, TooEarly. Emits RulesPublished.
    """
    check_terms(terms=terms)
    valid_from = valid_from or now
    if valid_from < now:
        raise TooEarly(valid_from=valid_from.isoformat())
    with connection.cursor() as cursor:
        cursor.execute(_ONE_BY_ONE, [merchant_id % 2**31])
    before = RuleSet.objects.of_merchant(merchant_id).order_by("-version").first()
    row = RuleSet.objects.create(
        merchant_id=merchant_id,
        version=before.version + 1 if before else 1,
        terms=terms_to_json(terms),
        reason=clean_reason(reason),
        valid_from=valid_from,
        published_by=signature(),
        published_at=now,
    )
    audit.record(
        audit.Change(
            action="settlement.publish_rules",
            subject="rule_set",
            subject_id=row.id,
            reason=row.reason,
            before={"version": before.version if before else 0},
            after={"version": row.version, "valid_from": valid_from.isoformat()},
        ),
        now=now,
    )
    outbox.publish(
        RulesPublished(rule_set_id=row.id, version=row.version, valid_from=valid_from), now=now
    )
    return row.as_contract()
