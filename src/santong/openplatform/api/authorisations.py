"""Apps over HTTP, for whoever lets them in: what each may do, what it called, and an end to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ninja import Query
from ninja.responses import Status

from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of
from santong.merchants import public as merchants
from santong.openplatform import contracts
from santong.openplatform.api.answers import authorisation_shown, calls_shown
from santong.openplatform.api.routes import router
from santong.openplatform.api.shapes import (
    AppAuthorisationOut,
    AppAuthorisationsOut,
    AppCallsOut,
    AppConsentIn,
    AppReasonIn,
    Window,
)
from santong.openplatform.selectors.apps import app_in_scope
from santong.openplatform.selectors.authorisations import authorisations
from santong.openplatform.services import authorise as authorising
from santong.openplatform.services import revoke_authorisation as revoking

CREATED = 201


@router.get("/app-authorisations", response=AppAuthorisationsOut, auth=requires("apps.view"))
def list_app_authorisations(request: MerchantRequest) -> Any:
    """Every app that you let in, or have let in."""
    rows = authorisations(merchant_id=request.merchant_id)
    return {"items": [authorisation_shown(row) for row in rows]}


@router.post(
    "/apps/{app_key}/authorise",
    response={CREATED: AppAuthorisationOut},
    auth=requires("apps.authorise"),
)
def authorise_own_app(request: MerchantRequest, app_key: str, body: AppConsentIn) -> Status[Any]:
    """Let your own app in. Apps of others are authorised on their page of consent."""
    merchant_id = request.merchant_id
    given = authorising.authorise(
        merchant_id=merchant_id,
        app=app_in_scope(merchant_id=merchant_id, app_key=app_key),
        consent=contracts.Consent(
            packs=frozenset(body.packs),
            personal_data=body.personal_data,
            location_ids=_ids(body.location_ids, kind="location"),
            brand_ids=_ids(body.brand_ids, kind="brand"),
        ),
        staff_id=merchants.owner_of(merchant_id=merchant_id, actor=request.actor),
        now=datetime.now(UTC),
    )
    return Status(CREATED, authorisation_shown(given))


@router.post(
    "/app-authorisations/{app_key}/revoke",
    response=AppAuthorisationOut,
    auth=requires("apps.authorise"),
)
def revoke_app_authorisation(request: MerchantRequest, app_key: str, body: AppReasonIn) -> Any:
    """Let an app in no more, and end every session that it has: within five seconds."""
    return authorisation_shown(
        revoking.revoke_authorisation(
            merchant_id=request.merchant_id,
            app_key=app_key,
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


@router.get("/app-authorisations/{app_key}/calls", response=AppCallsOut, auth=requires("apps.view"))
def list_calls_on_own_data(request: MerchantRequest, app_key: str, window: Query[Window]) -> Any:
    """What an app that you let in called with your data, the latest first."""
    merchant_id = request.merchant_id
    if all(each.app_key != app_key for each in authorisations(merchant_id=merchant_id)):
        raise NoSuch(kind="app_authorisation", key=app_key)
    return calls_shown(
        merchant_id=merchant_id, app_key=app_key, window=window, now=datetime.now(UTC)
    )


def _ids(texts: list[str] | None, *, kind: str) -> frozenset[int] | None:
    return None if texts is None else frozenset(id_of(text, kind=kind) for text in texts)
