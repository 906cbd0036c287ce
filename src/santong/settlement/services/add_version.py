"""Write the next version of the rules down: however it came to be published."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from santong.kernel import audit, outbox
from santong.settlement import contracts
from santong.settlement.errors import TooEarly
from santong.settlement.events import RulesPublished
from santong.settlement.models import RuleSet
from santong.settlement.rules.terms import check_terms, terms_to_json
from santong.settlement.selectors.rule_drafts import newest_version

# Two who publish at once would both be the next version: one waits for the other.
_ONE_BY_ONE = "SELECT pg_advisory_xact_lock(hashtext('settlement.rules'), %s::integer)"


def wait_for_turn(*, merchant_id: int) -> None:
    """Let nobody else publish rules of this merchant until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_BY_ONE, [merchant_id % 2**31])


def add_version(
    *,
    merchant_id: int,
    terms: contracts.SharingTerms,
    reason: str,
    valid_from: datetime | None,
    drafted_by: str,
    published_by: str,
    now: datetime,
) -> RuleSet:
    """The next version, in force from an instant on (now, without one); the caller has its turn.

    Raises FieldInvalid, TooEarly. Emits RulesPublished.
    """
    check_terms(terms=terms)
    valid_from = valid_from or now
    if valid_from < now:
        raise TooEarly(valid_from=valid_from.isoformat())
    before = newest_version(merchant_id=merchant_id)
    row = RuleSet.objects.create(
        merchant_id=merchant_id,
        version=before + 1,
        terms=terms_to_json(terms),
        reason=reason,
        valid_from=valid_from,
        drafted_by=drafted_by,
        published_by=published_by,
        published_at=now,
    )
    audit.record(
        audit.Change(
            action="settlement.publish_rules",
            subject="rule_set",
            subject_id=row.id,
            reason=row.reason,
            before={"version": before},
            after={
                "version": row.version,
                "valid_from": valid_from.isoformat(),
                "drafted_by": drafted_by,
            },
        ),
        now=now,
    )
    outbox.publish(
        RulesPublished(rule_set_id=row.id, version=row.version, valid_from=valid_from), now=now
    )
    return row
