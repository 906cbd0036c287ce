"""A merchant lets an app do something, or does not any more."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox, tenancy
from santong.kernel.errors import FieldInvalid, PermissionMissing
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.openplatform import contracts
from santong.openplatform.errors import AppStateForbids, AskedTooMuch, MoreThanOwn, UnknownPack
from santong.openplatform.events import AppAuthorised
from santong.openplatform.models import Authorisation
from santong.openplatform.rules.consent import (
    asks_too_much,
    beyond_own,
    consented_permissions,
    may_be_authorised,
)
from santong.openplatform.rules.fields import in_order
from santong.openplatform.selectors.sandboxes import is_sandbox
from santong.openplatform.selectors.sessions import forget_sessions

AUTHORISE = "apps.authorise"


@all_or_nothing
def authorise(
    *,
    merchant_id: int,
    app: contracts.App,
    consent: contracts.Consent,
    staff_id: int,
    now: datetime,
) -> contracts.Authorisation:
    """Let an app do what a consent says, instead of whatever it was let do before.

    Sessions that it has go on with what is consented to now. Raises AppStateForbids, UnknownPack,
    AskedTooMuch, MoreThanOwn, PermissionMissing, NoSuch. Emits AppAuthorised. Locks the
    authorisation.
    """
    _refuse_excess(merchant_id, app, consent)
    permissions = sorted(consented_permissions(consent=consent))
    row = _locked_or_new(merchant_id, app, staff_id, now)
    before = {"packs": row.packs, "personal_data": row.personal_data} if row.packs else {}
    row.app_name = app.name
    row.packs = in_order(consent.packs)
    row.permissions = permissions
    row.personal_data = consent.personal_data
    row.location_ids = _listed(consent.location_ids)
    row.brand_ids = _listed(consent.brand_ids)
    row.given_by_id, row.given_at, row.revoked_at = staff_id, now, None
    row.version += 1
    row.save()
    forget_sessions()
    audit.record(
        audit.Change(
            action="openplatform.authorise",
            subject="app_authorisation",
            subject_id=row.id,
            reason="consented",
            before=before,
            after={
                "app_key": app.app_key,
                "packs": row.packs,
                "personal_data": row.personal_data,
                "location_ids": row.location_ids,
                "brand_ids": row.brand_ids,
            },
        ),
        now=now,
    )
    outbox.publish(
        AppAuthorised(authorisation_id=row.id, app_key=app.app_key, packs=tuple(row.packs)), now=now
    )
    return row.as_contract()


def _refuse_excess(merchant_id: int, app: contracts.App, consent: contracts.Consent) -> None:
    if not may_be_authorised(app=app, seller_is_sandbox=is_sandbox(merchant_id=merchant_id)):
        raise AppStateForbids(app_key=app.app_key, state=app.state)
    if unknown := sorted(consent.packs - app.packs):
        raise UnknownPack(packs=unknown)
    if not consent.packs:
        raise FieldInvalid(pointer="/packs", reason="at least one")
    if asks_too_much(app=app, consent=consent):
        raise AskedTooMuch(personal_data=app.personal_data)
    actor = tenancy.current().actor
    if actor.kind == "system":
        return
    if not actor.may(AUTHORISE):
        raise PermissionMissing(permission=AUTHORISE)
    over = beyond_own(
        permissions=consented_permissions(consent=consent),
        places=_places(merchant_id, consent),
        may=actor.may,
        own_places=lambda permission: actor.at(permission).location_ids,
    )
    if over:
        raise MoreThanOwn(permissions=over)


def _places(merchant_id: int, consent: contracts.Consent) -> frozenset[int] | None:
    """The places consented to; a brand may have any of them tomorrow."""
    for brand_id in sorted(consent.brand_ids or ()):
        merchants.brand_by_id(merchant_id=merchant_id, brand_id=brand_id)
    return None if consent.brand_ids else consent.location_ids


def _locked_or_new(
    merchant_id: int, app: contracts.App, staff_id: int, now: datetime
) -> Authorisation:
    """Whoever comes first makes the row; whoever comes second waits for it here."""
    of_app = Authorisation.objects.of_merchant(merchant_id).filter(app_key=app.app_key)
    Authorisation.objects.bulk_create(
        [
            Authorisation(
                merchant_id=merchant_id,
                app_key=app.app_key,
                app_name=app.name,
                owner_id=app.owner_id,
                packs=[],
                permissions=[],
                personal_data="none",
                given_by_id=staff_id,
                given_at=now,
                revoked_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    row: Authorisation = of_app.lock().get()
    return row


def _listed(ids: frozenset[int] | None) -> list[int] | None:
    return None if ids is None else sorted(ids)
