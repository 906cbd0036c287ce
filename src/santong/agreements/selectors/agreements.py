"""Agreements with their terms, their links and their breaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import QuerySet

from santong.agreements import contracts
from santong.agreements.models import AgreementTerm, ChainLink, ServiceAgreement
from santong.agreements.selectors.breaches import breaches_by_agreement
from santong.kernel.errors import NoSuch
from santong.kernel.masking import masked_name
from santong.kernel.models import MerchantQuerySet


def agreement_by_id(
    *, merchant_id: int, agreement_id: int, location_ids: Collection[int] | None = None
) -> contracts.Agreement:
    """One agreement, if it is at one of these places; None is everywhere. Raises NoSuch."""
    rows = _at(merchant_id, location_ids).filter(id=agreement_id)
    found = as_contracts(merchant_id=merchant_id, rows=rows)
    if not found:
        raise NoSuch(kind="agreement", key=str(agreement_id))
    return found[0]


def agreements_of(
    *, merchant_id: int, document: str, location_ids: Collection[int] | None = None
) -> list[contracts.Agreement]:
    """Every version of a document's agreement, the newest first."""
    rows = _at(merchant_id, location_ids).filter(document=document).order_by("-version")
    return as_contracts(merchant_id=merchant_id, rows=rows)


def agreement_in_force(*, merchant_id: int, document: str) -> contracts.Agreement | None:
    """What is promised for a document at present, if anything is."""
    rows = ServiceAgreement.objects.of_merchant(merchant_id).filter(
        document=document, state__in=contracts.IN_FORCE
    )
    found = as_contracts(merchant_id=merchant_id, rows=rows)
    return found[0] if found else None


def terms_in_force(*, merchant_id: int, document: str) -> tuple[contracts.Term, ...]:
    """The terms that hold for a document at present; none, if nothing was accepted."""
    found = agreement_in_force(merchant_id=merchant_id, document=document)
    return found.terms if found else ()


def agreements_page(
    *,
    merchant_id: int,
    states: Sequence[contracts.AgreementState] = (),
    document: str = "",
    location_ids: Collection[int] | None = None,
    below_id: int,
    limit: int,
) -> list[contracts.Agreement]:
    """Agreements, newest first."""
    rows = _at(merchant_id, location_ids).filter(id__lt=below_id).order_by("-id")
    if states:
        rows = rows.filter(state__in=list(states))
    if document:
        rows = rows.filter(document=document)
    return as_contracts(merchant_id=merchant_id, rows=rows[:limit])


def as_contracts(
    *, merchant_id: int, rows: QuerySet[ServiceAgreement]
) -> list[contracts.Agreement]:
    """Rows as they leave the context, in their order, in four statements."""
    found = list(rows)
    ids = [row.id for row in found]
    terms: dict[int, list[AgreementTerm]] = defaultdict(list)
    every = AgreementTerm.objects.of_merchant(merchant_id).filter(agreement__in=ids)
    for term in every.order_by("agreement_id", "number"):
        terms[term.agreement_id].append(term)
    links = {
        link.agreement_id: link
        for link in ChainLink.objects.of_merchant(merchant_id).filter(agreement_id__in=ids)
    }
    breaches = breaches_by_agreement(merchant_id=merchant_id, agreement_ids=ids)
    return [_as_contract(row, terms[row.id], links.get(row.id), breaches[row.id]) for row in found]


def _at(
    merchant_id: int, location_ids: Collection[int] | None
) -> MerchantQuerySet[ServiceAgreement]:
    rows = ServiceAgreement.objects.of_merchant(merchant_id)
    return rows if location_ids is None else rows.filter(location_id__in=list(location_ids))


def _as_contract(
    row: ServiceAgreement,
    terms: Sequence[AgreementTerm],
    link: ChainLink | None,
    breaches: Sequence[contracts.Breach],
) -> contracts.Agreement:
    return contracts.Agreement(
        id=row.id,
        number=row.number,
        document=row.document,
        version=row.version,
        state=row.state,  # type: ignore[arg-type]  # one of the words, by a constraint
        category=row.category,  # type: ignore[arg-type]
        template_code=row.template_code,
        template_version=row.template_version,
        currency=row.currency,
        total_minor=row.total_minor,
        timezone=row.timezone,
        location_id=row.location_id,
        terms=tuple(term.as_contract() for term in terms),
        outcome_by_term=tuple(term.outcome for term in terms),  # type: ignore[misc]
        made_by=row.made_by,
        made_at=row.made_at,
        offered_at=row.offered_at,
        offered_by=row.offered_by,
        expires_at=row.expires_at,
        accepted_at=row.accepted_at,
        accepted_how=row.accepted_how or None,  # type: ignore[arg-type]
        accepted_name=masked_name(row.buyer()["accepted_name"]),
        signed_in=row.signed_in,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        delivered_at=row.delivered_at,
        claims_until=row.claims_until,
        erased_at=row.erased_at,
        link=link.as_contract() if link else None,
        paper_id=row.paper_id,
        record_id=row.record_id,
        signature_id=row.signature_id,
        supersedes_id=row.supersedes_id,
        superseded_by_id=row.superseded_by_id,
        link_round=row.link_round,
        breaches=tuple(breaches),
    )
