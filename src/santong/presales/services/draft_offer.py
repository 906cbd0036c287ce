"""Draft an offer, and revise it: every version of its terms stays."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from santong.catalog import public as catalog
from santong.kernel import audit, outbox
from santong.kernel.errors import FieldInvalid, VersionMoved
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.presales import contracts
from santong.presales.errors import InvalidOffer, LimitBelowTaken, OfferCodeTaken, OfferPassed
from santong.presales.events import OfferPublished
from santong.presales.models import Offer, OfferVersion
from santong.presales.rules.terms import is_code, problems_of, terms_to_json
from santong.presales.selectors.offers import offer_by_id
from santong.presales.services.lock import lock_offer
from santong.presales.services.signature import signature


@all_or_nothing
def draft_offer(
    *,
    merchant_id: int,
    code: str,
    storefront_code: str,
    terms: contracts.Terms,
    now: datetime,
) -> contracts.Offer:
    """Write an offer down; nobody can join it before it is published.

    Raises FieldInvalid, NoSuch, InvalidOffer, OfferCodeTaken.
    """
    if not is_code(code):
        reason = f"1 to {contracts.LONGEST_CODE} letters, digits, dots, hyphens, underscores"
        raise FieldInvalid(pointer="/code", reason=reason)
    storefront = merchants.storefront_by_code(merchant_id=merchant_id, code=storefront_code)
    _check(merchant_id, terms)
    row = Offer(
        merchant_id=merchant_id,
        code=code,
        storefront_id=storefront.id,
        state="draft",
        drafted_at=now,
        **_columns(terms),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise OfferCodeTaken(offer_code=code) from None
    _keep_version(row, terms, now)
    _record(row, "presales.draft_offer", before={}, now=now)
    return offer_by_id(merchant_id=merchant_id, offer_id=row.id)


@all_or_nothing
def revise_offer(
    *, merchant_id: int, offer_id: int, version: int, terms: contracts.Terms, now: datetime
) -> contracts.Offer:
    """Give an offer its next version; who has joined keeps the one that they joined.

    Raises NoSuch, InvalidOffer, VersionMoved, OfferPassed, LimitBelowTaken. Emits OfferPublished
    for an offer that is live. Locks the offer.
    """
    row = lock_offer(merchant_id=merchant_id, offer_id=offer_id)
    _check(merchant_id, terms)
    if row.version != version:
        raise VersionMoved(version=row.version)
    if row.state == "ended":
        raise OfferPassed(offer_id=str(offer_id), state=row.state)
    if terms.limit_units < row.taken_units:
        raise LimitBelowTaken(taken_units=row.taken_units)
    row.version += 1
    columns = _columns(terms)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=["version", *columns])
    _keep_version(row, terms, now)
    _record(row, "presales.revise_offer", before={"version": version}, now=now)
    found = offer_by_id(merchant_id=merchant_id, offer_id=row.id)
    if row.state == "live":
        outbox.publish(published(found), now=now)
    return found


def published(offer: contracts.Offer) -> OfferPublished:
    """The fact that says what is on offer now."""
    return OfferPublished(
        offer_id=offer.id,
        code=offer.code,
        version=offer.version,
        limit_units=offer.terms.limit_units,
        deposit_from=offer.terms.deposit_from,
        deposit_until=offer.terms.deposit_until,
        balance_from=offer.terms.balance_from,
        balance_until=offer.terms.balance_until,
    )


def _check(merchant_id: int, terms: contracts.Terms) -> None:
    problems = list(problems_of(terms=terms))
    wrong = {problem.pointer for problem in problems}
    codes = [line.sku_code for line in terms.lines[: contracts.MOST_LINES] if line.sku_code]
    known = catalog.skus_by_code(merchant_id=merchant_id, codes=codes) if codes else {}
    for place, line in enumerate(terms.lines[: contracts.MOST_LINES]):
        pointer = f"/lines/{place}/sku_code"
        if pointer not in wrong and line.sku_code not in known:
            problems.append(contracts.Problem(pointer=pointer, reason="unknown"))
    if problems:
        raise InvalidOffer(errors=tuple(problems))


def _columns(terms: contracts.Terms) -> dict[str, object]:
    """What the guarded statement asks, beside the version that says it."""
    names = ("limit_units", "most_per_buyer", "deposit_from", "deposit_until", "balance_until")
    return {name: getattr(terms, name) for name in names}


def _keep_version(row: Offer, terms: contracts.Terms, now: datetime) -> None:
    OfferVersion.objects.create(
        merchant_id=row.merchant_id,
        offer=row,
        version=row.version,
        terms=terms_to_json(terms),
        made_by=signature(),
        made_at=now,
    )


def _record(row: Offer, action: str, *, before: dict[str, object], now: datetime) -> None:
    audit.record(
        audit.Change(
            action=action,
            subject="presale_offer",
            subject_id=row.id,
            reason=row.code,
            before=before,
            after={"state": row.state, "version": row.version, "limit_units": row.limit_units},
        ),
        now=now,
    )
