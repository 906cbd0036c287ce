"""Persons, and by what they are recognised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from ninja import Status

from santong.customers import contracts
from santong.customers.api.routes import router
from santong.customers.api.schemas import (
    AttachIn,
    AttachmentOut,
    DetachIn,
    FindPersonsIn,
    FoundOut,
    IdentifierOut,
    NamedIdentifier,
    PersonOut,
    ProfileIn,
    ResolutionOut,
    ResolveIn,
)
from santong.customers.rules.identifiers import ACCOUNTS
from santong.customers.selectors.graph import find
from santong.customers.selectors.persons import identifiers_of, person_by_id
from santong.customers.services import attach as attaching
from santong.customers.services import correct_profile as correcting
from santong.customers.services import detach as detaching
from santong.customers.services import resolve as resolving
from santong.kernel.errors import PermissionMissing
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, id_of


def person_out(person: contracts.MaskedPerson) -> PersonOut:
    """A person as HTTP shows them."""
    return PersonOut(**{**asdict(person), "id": str(person.id)})


@router.post(
    "/persons/resolve",
    response={200: ResolutionOut, 201: ResolutionOut},
    auth=requires("customers.edit"),
)
def resolve_person(request: MerchantRequest, body: ResolveIn) -> Status[ResolutionOut]:
    """Say who somebody is; 201 where nobody had any of the identifiers."""
    found = resolving.resolve(
        merchant_id=request.merchant_id,
        identifiers=[each.as_contract() for each in body.identifiers],
        profile=body.profile.as_contract() if body.profile else None,
        source=body.source,
        now=datetime.now(UTC),
    )
    return Status(
        201 if found.is_new else 200,
        ResolutionOut(
            person_id=str(found.person_id),
            is_new=found.is_new,
            merged=[str(each) for each in found.merged],
            capped=_named(found.capped),
            conflicting=_named(found.conflicting),
        ),
    )


@router.post("/persons/find", response=list[FoundOut], auth=requires("customers.view"))
def find_persons(request: MerchantRequest, body: FindPersonsIn) -> list[FoundOut]:
    """Who has each identifier; nobody is made."""
    asked = [each.as_contract() for each in body.identifiers]
    found = find(merchant_id=request.merchant_id, identifiers=asked)
    return [
        FoundOut(
            kind=each.kind, scope=each.scope, person_ids=[str(person) for person in found[each]]
        )
        for each in asked
    ]


@router.get("/persons/{person_id}", response=PersonOut, auth=requires("customers.view"))
def get_person(request: MerchantRequest, person_id: str) -> PersonOut:
    """One person, masked; an id that was merged gives the current person."""
    return person_out(
        person_by_id(merchant_id=request.merchant_id, person_id=id_of(person_id, kind="person"))
    )


@router.get(
    "/persons/{person_id}/identifiers",
    response=Page[IdentifierOut],
    auth=requires("customers.view"),
)
def list_identifiers(request: MerchantRequest, person_id: str) -> Page[IdentifierOut]:
    """By what a person is and was recognised, masked.

    Whoever works for some brands or places sees no accounts: these are a brand's own, and
    membership shows those that they may see.
    """
    found = identifiers_of(
        merchant_id=request.merchant_id, person_id=id_of(person_id, kind="person")
    )
    if request.actor.location_ids is not None:
        found = [each for each in found if each.kind not in ACCOUNTS]
    return Page(items=[IdentifierOut(**{**asdict(each), "id": str(each.id)}) for each in found])


@router.post(
    "/persons/{person_id}/identifiers", response=AttachmentOut, auth=requires("customers.edit")
)
def attach_identifiers(request: MerchantRequest, person_id: str, body: AttachIn) -> AttachmentOut:
    """Let a person be recognised by more identifiers; nobody is merged by it."""
    attached = attaching.attach(
        merchant_id=request.merchant_id,
        person_id=id_of(person_id, kind="person"),
        identifiers=[each.as_contract() for each in body.identifiers],
        source=body.source,
        now=datetime.now(UTC),
    )
    return AttachmentOut(capped=_named(attached.capped), conflicting=_named(attached.conflicting))


@router.post(
    "/persons/{person_id}/identifiers/detach",
    response={204: None},
    auth=requires("customers.edit"),
)
def detach_identifier(request: MerchantRequest, person_id: str, body: DetachIn) -> Status[None]:
    """End that a person is recognised by an identifier."""
    detaching.detach(
        merchant_id=request.merchant_id,
        person_id=id_of(person_id, kind="person"),
        identifier=body.identifier.as_contract(),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return Status(204, None)


@router.post("/persons/{person_id}/profile", response=PersonOut, auth=requires("customers.edit"))
def correct_profile(request: MerchantRequest, person_id: str, body: ProfileIn) -> PersonOut:
    """Write what a person says of themselves over what was known; blanks leave it as it is.

    For who serves all persons: a place has its own ways in, where somebody joins or buys.
    """
    if request.actor.location_ids is not None:
        raise PermissionMissing(permission="customers.edit")
    return person_out(
        correcting.correct_profile(
            merchant_id=request.merchant_id,
            person_id=id_of(person_id, kind="person"),
            profile=body.as_contract(),
            now=datetime.now(UTC),
        )
    )


def _named(identifiers: Sequence[contracts.Identifier]) -> list[NamedIdentifier]:
    return [NamedIdentifier(kind=each.kind, scope=each.scope) for each in identifiers]
