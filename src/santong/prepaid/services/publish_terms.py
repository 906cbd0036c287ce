"""Promise something, from now on."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.events import PrepaidTermsPublished
from santong.prepaid.models import CardProgramme, CardTerms
from santong.prepaid.rules.fields import clean_reason
from santong.prepaid.rules.terms import check_terms, terms_to_json
from santong.prepaid.selectors.programmes import newest_terms, programme_by_code
from santong.prepaid.services.signature import signature


@all_or_nothing
def publish_terms(
    *, merchant_id: int, programme_code: str, terms: contracts.Terms, reason: str, now: datetime
) -> contracts.PublishedTerms:
    """Let a programme sell by new terms: the next version. What was sold stays as it was.

    The same terms as those in force are not published again.

    Raises NoSuch (programme), FieldInvalid. Emits PrepaidTermsPublished. Locks the programme.
    """
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    check_terms(terms=terms, kind=programme.kind)
    CardProgramme.objects.of_merchant(merchant_id).filter(id=programme.id).lock().get()
    before = newest_terms(merchant_id=merchant_id, programme_id=programme.id)
    if before and before.terms == terms:
        return before
    row = CardTerms.objects.create(
        merchant_id=merchant_id,
        programme_id=programme.id,
        version=before.version + 1 if before else 1,
        terms=terms_to_json(terms),
        reason=clean_reason(reason),
        published_by=signature(),
        published_at=now,
    )
    audit.record(
        audit.Change(
            action="prepaid.publish_terms",
            subject="card_programme",
            subject_id=programme.id,
            reason=row.reason,
            before={"version": before.version if before else 0},
            after={"version": row.version},
        ),
        now=now,
    )
    outbox.publish(PrepaidTermsPublished(programme_id=programme.id, version=row.version), now=now)
    published: contracts.PublishedTerms = row.as_contract()
    return published
