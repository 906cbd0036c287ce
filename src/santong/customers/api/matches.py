"""Who may be the same person, for people to decide."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from ninja import Query

from santong.customers import contracts
from santong.customers.api.merges import merge_out
from santong.customers.api.persons import person_out
from santong.customers.api.routes import router
from santong.customers.api.schemas import (
    FieldReasonOut,
    MatchFilter,
    MatchOut,
    MergeOut,
    PersonOut,
    PersonReasonIn,
)
from santong.customers.selectors.matches import matches_page
from santong.customers.selectors.persons import persons_by_id
from santong.customers.services import accept_match as accepting
from santong.customers.services import reject_match as rejecting
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of


@router.get("/matches", response=Page[MatchOut], auth=requires("customers.merge"))
def list_matches(request: MerchantRequest, wanted: Query[MatchFilter]) -> Page[MatchOut]:
    """Pairs of persons who may be one, newest first, with what speaks for it; masked."""
    found = matches_page(
        merchant_id=request.merchant_id,
        state=wanted.state,
        below_id=before_id(wanted.cursor),
        limit=wanted.limit + 1,
    )
    shown = _shown(request, found)
    return page_of(
        [_out(match, shown) for match in found],
        limit=wanted.limit,
        ids=[match.id for match in found],
    )


@router.post("/matches/{match_id}/accept", response=MergeOut, auth=requires("customers.merge"))
def accept_match(request: MerchantRequest, match_id: str, body: PersonReasonIn) -> MergeOut:
    """The two are one: join them. It can be undone."""
    return merge_out(
        accepting.accept_match(
            merchant_id=request.merchant_id,
            match_id=id_of(match_id, kind="match"),
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


@router.post("/matches/{match_id}/reject", response=MatchOut, auth=requires("customers.merge"))
def reject_match(request: MerchantRequest, match_id: str, body: PersonReasonIn) -> MatchOut:
    """The two are two: they are never proposed again."""
    match = rejecting.reject_match(
        merchant_id=request.merchant_id,
        match_id=id_of(match_id, kind="match"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _out(match, _shown(request, [match]))


def _shown(request: MerchantRequest, found: list[contracts.Match]) -> dict[int, PersonOut]:
    ids = {each for match in found for each in (match.first_id, match.second_id)}
    people = persons_by_id(merchant_id=request.merchant_id, person_ids=ids)
    return {person_id: person_out(person) for person_id, person in people.items()}


def _out(match: contracts.Match, shown: dict[int, PersonOut]) -> MatchOut:
    return MatchOut(
        **{
            **asdict(match),
            "id": str(match.id),
            "first": shown[match.first_id],
            "second": shown[match.second_id],
            "reasons": {
                name: FieldReasonOut(found=word, weight=weight)
                for name, (word, weight) in match.reasons.items()
            },
        }
    )
