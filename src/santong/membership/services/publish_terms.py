"""Promise something, from now on."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import TierInUse
from santong.membership.events import TermsPublished
from santong.membership.models import Card, Programme, ProgrammeTerms
from santong.membership.rules.purchases import clean_reason
from santong.membership.rules.terms import check_terms, terms_to_json
from santong.membership.selectors.programmes import programme_by_code
from santong.membership.selectors.terms import newest_terms
from santong.membership.services.signature import signature
from santong.payments import public as payments


@all_or_nothing
def publish_terms(
    *,
    merchant_id: int,
    programme_code: str,
    terms: contracts.Terms,
    reason: str,
    now: datetime,
) -> contracts.PublishedTerms:
    """Let a programme give by new terms: the next version. What was given stays as it was.

    The same terms as those in force are not published again.

    Raises NoSuch (programme), FieldInvalid, TierInUse. Emits TermsPublished. Locks the programme.
    """
    check_terms(terms=terms)
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    Programme.objects.of_merchant(merchant_id).filter(id=programme.id).lock().get()
    before = newest_terms(merchant_id=merchant_id, programme_ids=[programme.id]).get(programme.id)
    if before and before.terms == terms:
        return before
    _refuse_missing_tiers(merchant_id, programme.id, before.terms if before else None, terms)
    _open_assets(merchant_id, programme, now)
    row = ProgrammeTerms.objects.create(
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
            action="membership.publish_terms",
            subject="programme",
            subject_id=programme.id,
            reason=row.reason,
            before={"version": before.version if before else 0},
            after={"version": row.version},
        ),
        now=now,
    )
    outbox.publish(TermsPublished(programme_id=programme.id, version=row.version), now=now)
    published: contracts.PublishedTerms = row.as_contract()
    return published


def _refuse_missing_tiers(
    merchant_id: int, programme_id: int, old: contracts.Terms | None, new: contracts.Terms
) -> None:
    """A tier that somebody has is in the new ladder; before the first terms, any may be."""
    cards = Card.objects.of_merchant(merchant_id).filter(programme=programme_id)
    offered = {tier.code for tier in new.tiers}
    if old is None:
        # As in the index of cards whose tier has no end: only an import gives such ones by now.
        cards = cards.filter(tier_until__isnull=True).exclude(tier="").exclude(tier__in=offered)
    else:
        cards = cards.filter(tier__in={tier.code for tier in old.tiers} - offered)
    held = cards.exclude(state="merged").values_list("tier", flat=True).first()
    if held:
        raise TierInUse(tier=held)


def _open_assets(merchant_id: int, programme: contracts.Programme, now: datetime) -> None:
    payments.open_asset(
        merchant_id=merchant_id, code=programme.points_asset, kind="points", now=now
    )
    payments.open_asset(
        merchant_id=merchant_id, code=programme.experience_asset, kind="experience", now=now
    )
