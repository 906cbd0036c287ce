"""What a batch of coupons promises of a programme is there, and it is clear whose brand pays."""

from __future__ import annotations

from collections.abc import Mapping

from santong.benefits.contracts.batches import Terms
from santong.kernel.errors import FieldInvalid
from santong.membership import public as membership

PROGRAMME = "/terms/programme_code"


def complete_terms(*, merchant_id: int, kind: str, terms: Terms) -> Mapping[str, int | str]:
    """Terms with the programme that they are about, if there is but one, or it is named.

    Raises FieldInvalid, NoSuch (pool, programme), NothingPromised.
    """
    if kind == "points":
        pool = membership.pool_by_code(merchant_id=merchant_id, code=str(terms["pool_code"]))
        programme = _programme(merchant_id, terms, pool_id=pool.id)
        membership.terms_of(merchant_id=merchant_id, programme_id=programme.id)
        return {**terms, "programme_code": programme.code}
    if kind == "experience_card":
        programme = _programme(merchant_id, terms, pool_id=None)
        published = membership.terms_of(merchant_id=merchant_id, programme_id=programme.id)
        if terms["tier"] not in {tier.code for tier in published.terms.tiers}:
            raise FieldInvalid(pointer="/terms/tier", reason="a tier of the programme")
        return {**terms, "programme_code": programme.code}
    return terms


def _programme(merchant_id: int, terms: Terms, *, pool_id: int | None) -> membership.Programme:
    named = terms.get("programme_code")
    found = [
        programme
        for programme in membership.programmes(merchant_id=merchant_id)
        if pool_id in (None, programme.pool_id) and named in (None, programme.code)
    ]
    if len(found) != 1:
        why = "several programmes: name the one whose brand pays" if found else "no such programme"
        raise FieldInvalid(pointer=PROGRAMME, reason=why)
    return found[0]
