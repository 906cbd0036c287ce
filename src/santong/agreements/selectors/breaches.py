"""Breaches with the money that makes them good."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from cryptography.exceptions import InvalidTag
from django.db.models import Count, Q, QuerySet, Sum

from santong.agreements import contracts
from santong.agreements.models import AgreementTerm, Breach, Compensation
from santong.kernel import crypto
from santong.kernel.errors import NoSuch


def breach_by_id(*, merchant_id: int, breach_id: int) -> contracts.Breach:
    """One breach. Raises NoSuch."""
    rows = Breach.objects.of_merchant(merchant_id).filter(id=breach_id)
    found = _as_contracts(merchant_id, rows)
    if not found:
        raise NoSuch(kind="breach", key=str(breach_id))
    return found[0]


def breaches_page(
    *,
    merchant_id: int,
    states: Sequence[contracts.BreachState] = (),
    location_ids: Collection[int] | None = None,
    below_id: int,
    limit: int,
) -> list[contracts.Breach]:
    """Breaches, newest first."""
    rows = Breach.objects.of_merchant(merchant_id).filter(id__lt=below_id).order_by("-id")
    if states:
        rows = rows.filter(state__in=list(states))
    if location_ids is not None:
        rows = rows.filter(agreement__location_id__in=list(location_ids))
    return _as_contracts(merchant_id, rows[:limit])


def breaches_by_agreement(
    *, merchant_id: int, agreement_ids: Collection[int]
) -> dict[int, list[contracts.Breach]]:
    """Breaches of agreements, oldest first; each agreement has its list."""
    found: dict[int, list[contracts.Breach]] = defaultdict(list)
    rows = Breach.objects.of_merchant(merchant_id).filter(agreement__in=list(agreement_ids))
    for each in _as_contracts(merchant_id, rows.order_by("id")):
        found[each.agreement_id].append(each)
    return found


def kept_and_broken(*, merchant_id: int) -> list[contracts.KeptAndBroken]:
    """How often terms of each kind were kept and broken, and what the broken ones cost.

    Of agreements that were accepted, by kind and currency.
    """
    terms = AgreementTerm.objects.of_merchant(merchant_id).filter(
        agreement__accepted_at__isnull=False
    )
    counted = terms.values("kind", "agreement__currency").annotate(
        open=Count("id", filter=Q(outcome="open")),
        kept=Count("id", filter=Q(outcome="kept")),
        broken=Count("id", filter=Q(outcome="broken")),
    )
    paid = {
        (row["breach__term__kind"], row["breach__agreement__currency"]): row["minor"]
        for row in Compensation.objects.of_merchant(merchant_id)
        .values("breach__term__kind", "breach__agreement__currency")
        .annotate(minor=Sum("done_minor"))
    }
    found = [
        contracts.KeptAndBroken(
            kind=row["kind"],  # type: ignore[arg-type]  # one of the words, by its choices
            open=row["open"],
            kept=row["kept"],
            broken=row["broken"],
            paid_minor=paid.get((row["kind"], row["agreement__currency"]), 0),
            currency=row["agreement__currency"],
        )
        for row in counted
    ]
    return sorted(found, key=lambda each: (contracts.KINDS.index(each.kind), each.currency))


def _as_contracts(merchant_id: int, rows: QuerySet[Breach]) -> list[contracts.Breach]:
    found = list(rows.select_related("agreement", "term"))
    payments: dict[int, list[contracts.Payment]] = defaultdict(list)
    every = Compensation.objects.of_merchant(merchant_id).filter(
        breach__in=[row.id for row in found]
    )
    for each in every.order_by("id"):
        payments[each.breach_id].append(each.as_contract())
    return [_as_contract(row, payments[row.id]) for row in found]


def _as_contract(row: Breach, payments: Sequence[contracts.Payment]) -> contracts.Breach:
    return contracts.Breach(
        id=row.id,
        agreement_id=row.agreement_id,
        document=row.agreement.document,
        term_number=row.term.number,
        kind=row.term.kind,  # type: ignore[arg-type]  # one of the words
        occasion=row.occasion,
        found_by=row.found_by,  # type: ignore[arg-type]
        state=row.state,  # type: ignore[arg-type]
        remedy=row.term.remedy,  # type: ignore[arg-type]
        currency=row.agreement.currency,
        amount_minor=row.amount_minor,
        days_late=row.days_late,
        broken_at=row.broken_at,
        decide_by=row.decide_by,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=_opened(row, bytes(row.said_sealed), "said"),
        answer=_opened(row, bytes(row.answer_sealed), "answer"),
        bearer=row.term.bearer,  # type: ignore[arg-type]
        bearer_code=row.term.bearer_code,
        settle_at=row.settle_at,
        settled_at=row.settled_at,
        ended_at=row.ended_at,
        made_good_by=row.made_good_by,
        why=row.why,
        mended_at=row.mended_at,
        payments=tuple(payments),
        goods=tuple(contracts.OwedGoods(**each) for each in row.goods),
    )


def _opened(row: Breach, sealed: bytes, what: str) -> str:
    if not sealed:
        return ""
    try:
        plain = crypto.decrypt(
            merchant_id=row.merchant_id, sealed=sealed, place=row.text_place(what)
        )
    except InvalidTag:
        return ""
    return plain.decode()
