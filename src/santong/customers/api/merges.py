"""Who turned out to be whom."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from santong.customers import contracts
from santong.customers.api.routes import router
from santong.customers.api.schemas import MergeIn, MergeOut, PersonReasonIn
from santong.customers.selectors.merges import merges_of
from santong.customers.services import merge as merging
from santong.customers.services import undo_merge as undoing
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, id_of


@router.get("/persons/{person_id}/merges", response=Page[MergeOut], auth=requires("customers.view"))
def list_merges(request: MerchantRequest, person_id: str) -> Page[MergeOut]:
    """Every merge of a person, undone ones too, newest first."""
    found = merges_of(merchant_id=request.merchant_id, person_id=id_of(person_id, kind="person"))
    return Page(items=[merge_out(each) for each in found])


@router.post("/persons/{person_id}/merge", response=MergeOut, auth=requires("customers.merge"))
def merge_person(request: MerchantRequest, person_id: str, body: MergeIn) -> MergeOut:
    """Join two persons; the older one is kept. It can be undone exactly."""
    return merge_out(
        merging.merge(
            merchant_id=request.merchant_id,
            first_id=id_of(person_id, kind="person"),
            second_id=id_of(body.other_id, kind="person"),
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


@router.post("/merges/{merge_id}/undo", response=MergeOut, auth=requires("customers.merge"))
def undo_merge(request: MerchantRequest, merge_id: str, body: PersonReasonIn) -> MergeOut:
    """Make two persons of one again, each with what was theirs before."""
    return merge_out(
        undoing.undo_merge(
            merchant_id=request.merchant_id,
            merge_id=id_of(merge_id, kind="merge"),
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


def merge_out(merge: contracts.Merge) -> MergeOut:
    """A merge as HTTP shows it."""
    ids = {name: str(getattr(merge, name)) for name in ("id", "kept_id", "gone_id")}
    return MergeOut(**{**asdict(merge), **ids})
