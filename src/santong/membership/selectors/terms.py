"""What programmes promise now, and what they promised once."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Max

from santong.kernel.errors import NoSuch
from santong.membership import contracts
from santong.membership.errors import NothingPromised
from santong.membership.models import PoolTerms, ProgrammeTerms

MOST_KEPT = 500

# A version never changes, so what was read once stays read.
_kept: dict[tuple[int, int], contracts.PublishedTerms] = {}


def terms_of(*, merchant_id: int, programme_id: int) -> contracts.PublishedTerms:
    """The terms by which a programme gives now. Raises NothingPromised."""
    found = newest_terms(merchant_id=merchant_id, programme_ids=[programme_id])
    if programme_id not in found:
        raise NothingPromised(programme_id=programme_id)
    return found[programme_id]


def newest_terms(
    *, merchant_id: int, programme_ids: Collection[int]
) -> dict[int, contracts.PublishedTerms]:
    """The newest version of some programmes' terms; those that promise nothing are left out."""
    versions = (
        ProgrammeTerms.objects.of_merchant(merchant_id)
        .filter(programme__in=list(programme_ids))
        .values_list("programme_id")
        .annotate(newest=Max("id"))
    )
    by_id = terms_by_id(merchant_id=merchant_id, terms_ids=[newest for _, newest in versions])
    return {terms.programme_id: terms for terms in by_id.values()}


def terms_by_id(
    *, merchant_id: int, terms_ids: Collection[int]
) -> dict[int, contracts.PublishedTerms]:
    """Versions by their ids."""
    if len(_kept) > MOST_KEPT:
        _kept.clear()
    missing = [each for each in set(terms_ids) if (merchant_id, each) not in _kept]
    if missing:
        rows = ProgrammeTerms.objects.of_merchant(merchant_id).filter(id__in=missing)
        _kept.update({(merchant_id, row.id): row.as_contract() for row in rows})
    return {
        each: _kept[merchant_id, each] for each in set(terms_ids) if (merchant_id, each) in _kept
    }


def terms_page(
    *, merchant_id: int, programme_id: int, before_id: int, limit: int
) -> list[contracts.PublishedTerms]:
    """Versions of a programme's terms below an id, newest first."""
    rows = (
        ProgrammeTerms.objects.of_merchant(merchant_id)
        .filter(programme=programme_id, id__lt=before_id)
        .order_by("-id")[:limit]
    )
    return [row.as_contract() for row in rows]


def pool_terms_of(*, merchant_id: int, pool_id: int) -> contracts.PoolTerms:
    """What those who share a pool have agreed on last. Raises NoSuch."""
    row = (
        PoolTerms.objects.of_merchant(merchant_id).filter(pool=pool_id).order_by("-version").first()
    )
    if row is None:
        raise NoSuch(kind="pool_terms", key=str(pool_id))
    contract: contracts.PoolTerms = row.as_contract()
    return contract
