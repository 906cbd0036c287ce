"""Reading offers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Count, Q, Sum

from santong.kernel.errors import NoSuch
from santong.merchants import public as merchants
from santong.presales import contracts
from santong.presales.models import Compensation, Offer, OfferVersion, Presale


def offer_by_id(*, merchant_id: int, offer_id: int) -> contracts.Offer:
    """One offer with the terms that hold now. Raises NoSuch."""
    return _one(Offer.objects.of_merchant(merchant_id).filter(id=offer_id), merchant_id, offer_id)


def offer_by_code(*, merchant_id: int, code: str) -> contracts.Offer:
    """One offer by the merchant's code. Raises NoSuch."""
    return _one(Offer.objects.of_merchant(merchant_id).filter(code=code), merchant_id, code)


def offers_page(
    *,
    merchant_id: int,
    state: contracts.OfferState | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.Offer]:
    """Offers, newest first."""
    rows = Offer.objects.of_merchant(merchant_id).order_by("-id")
    if state is not None:
        rows = rows.filter(state=state)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return _with_terms(merchant_id, list(rows[:limit]))


def offer_figures(*, merchant_id: int, offer_id: int) -> contracts.OfferFigures:
    """How an offer's presale orders stand, and what money they brought, gave back and lost."""
    rows = Presale.objects.of_merchant(merchant_id).filter(offer_id=offer_id)
    by_state = {
        state: (count, units)
        for state, count, units in rows.values_list("state")
        .annotate(Count("id"), Sum("units"))
        .order_by()
    }
    is_in = Q(deposit_paid_at__isnull=False)
    money = rows.aggregate(
        deposits=Sum("deposit_minor", filter=is_in),
        balances=Sum("balance_minor", filter=Q(paid_at__isnull=False)),
        kept=Sum("kept_minor"),
        ended=Sum("deposit_minor", filter=is_in & Q(state__in=contracts.ENDED)),
    )
    owed = Compensation.objects.of_merchant(merchant_id).filter(presale__offer_id=offer_id)
    states = contracts.PRESALE_STATES
    compensated = owed.aggregate(minor=Sum("amount_minor"))["minor"]
    kept = int(money["kept"] or 0)
    return contracts.OfferFigures(
        presales_by_state={each: by_state.get(each, (0, 0))[0] for each in states},
        units_by_state={each: by_state.get(each, (0, 0))[1] for each in states},
        deposits_minor=int(money["deposits"] or 0),
        balances_minor=int(money["balances"] or 0),
        kept_minor=kept,
        given_back_minor=int(money["ended"] or 0) - kept,
        compensated_minor=int(compensated or 0),
    )


def _one(rows: Iterable[Offer], merchant_id: int, key: object) -> contracts.Offer:
    found = _with_terms(merchant_id, list(rows))
    if not found:
        raise NoSuch(kind="presale_offer", key=str(key))
    return found[0]


def _with_terms(merchant_id: int, rows: Sequence[Offer]) -> list[contracts.Offer]:
    versions = OfferVersion.objects.of_merchant(merchant_id).filter(offer__in=rows)
    by_version = {(each.offer_id, each.version): each for each in versions}
    fronts = {each.id: each for each in merchants.storefronts(merchant_id=merchant_id)}
    return [
        row.as_contract(
            version=by_version[row.id, row.version],
            storefront_code=fronts[row.storefront_id].code,
        )
        for row in rows
    ]
