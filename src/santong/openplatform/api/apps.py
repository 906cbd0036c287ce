"""Apps over HTTP, for whoever makes them: registered, changed, rotated, tried, live."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query
from ninja.responses import Status

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.etags import expected_version, set_etag
from santong.openplatform import contracts
from santong.openplatform.api.answers import app_shown, calls_shown, rates_shown
from santong.openplatform.api.routes import router
from santong.openplatform.api.shapes import (
    AppApprovalIn,
    AppCallsOut,
    AppChangeIn,
    AppChecksOut,
    AppErrorRatesOut,
    AppIn,
    AppListOut,
    AppOut,
    AppReasonIn,
    AppRotationIn,
    AppSecretOut,
    FunctionPacksOut,
    NewAppOut,
    Window,
)
from santong.openplatform.rules.packs import PACKS
from santong.openplatform.selectors.apps import registered_app, registered_apps
from santong.openplatform.selectors.checks import checks_of_app
from santong.openplatform.services import approve_packs as approving
from santong.openplatform.services import change_app as changing
from santong.openplatform.services import go_live as going_live
from santong.openplatform.services import register_app as registering
from santong.openplatform.services import resume_app as resuming
from santong.openplatform.services import rotate_app_secret as rotating
from santong.openplatform.services import start_trial as trying
from santong.openplatform.services import suspend_app as suspending

CREATED = 201
MOST_HOURS = 24 * 30

Hours = Annotated[int, Query(ge=1, le=MOST_HOURS)]


def _now() -> datetime:
    return datetime.now(UTC)


@router.get("/function-packs", response=FunctionPacksOut, auth=requires("apps.view"))
def list_function_packs(request: MerchantRequest) -> Any:
    """What apps may choose, and what each lets them do."""
    return {"items": [{**asdict(p), "permissions": sorted(p.permissions)} for p in PACKS.values()]}


@router.get("/apps", response=AppListOut, auth=requires("apps.view"))
def list_apps(request: MerchantRequest) -> Any:
    """Your apps, oldest first."""
    return {"items": [app_shown(each) for each in registered_apps(merchant_id=request.merchant_id)]}


@router.post("/apps", response={CREATED: NewAppOut}, auth=requires("apps.edit"))
def create_app(request: MerchantRequest, body: AppIn, response: HttpResponse) -> Status[Any]:
    """Register an app, as a draft. The answer shows its secret, this once."""
    said = body.model_dump()
    for field in ("packs", "redirect_uris", "ip_ranges"):
        said[field] = tuple(said[field])
    app, secret = registering.register_app(
        merchant_id=request.merchant_id, wanted=contracts.NewApp(**said), now=_now()
    )
    response["Cache-Control"] = "no-store"
    return Status(CREATED, {"app": app_shown(app), "secret": asdict(secret)})


@router.get("/apps/{app_key}", response=AppOut, auth=requires("apps.view"))
def read_app(request: MerchantRequest, app_key: str, response: HttpResponse) -> Any:
    """One of your apps, without its secrets."""
    found = registered_app(merchant_id=request.merchant_id, app_key=app_key)
    set_etag(response, version=found.version)
    return app_shown(found)


@router.patch("/apps/{app_key}", response=AppOut, auth=requires("apps.edit"))
def update_app(
    request: MerchantRequest, app_key: str, body: AppChangeIn, response: HttpResponse
) -> Any:
    """Change an app that is still as you saw it (If-Match). In use within five seconds."""
    said: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in body.model_dump().items()
    }
    changed = changing.change_app(
        merchant_id=request.merchant_id,
        app_key=app_key,
        version=expected_version(request),
        wanted=contracts.AppChange(**said),
        now=_now(),
    )
    set_etag(response, version=changed.version)
    return app_shown(changed)


@router.post("/apps/{app_key}/secrets", response=AppSecretOut, auth=requires("apps.edit"))
def rotate_app_secret(
    request: MerchantRequest, app_key: str, body: AppRotationIn, response: HttpResponse
) -> Any:
    """A new secret; the older one stays good for a while, or ends at once with 0 minutes."""
    made = rotating.rotate_app_secret(
        merchant_id=request.merchant_id,
        app_key=app_key,
        older_lives=timedelta(minutes=body.older_lives_minutes),
        reason=body.reason,
        now=_now(),
    )
    response["Cache-Control"] = "no-store"
    return asdict(made)


@router.post("/apps/{app_key}/try", response=AppOut, auth=requires("apps.edit"))
def start_trial(request: MerchantRequest, app_key: str) -> Any:
    """Let a draft call, and be authorised by sandboxes."""
    return app_shown(
        trying.start_trial(merchant_id=request.merchant_id, app_key=app_key, now=_now())
    )


@router.get("/apps/{app_key}/checks", response=AppChecksOut, auth=requires("apps.view"))
def list_app_checks(request: MerchantRequest, app_key: str) -> Any:
    """The list that is gone through before an app goes live."""
    rows = checks_of_app(merchant_id=request.merchant_id, app_key=app_key)
    return {"items": [asdict(row) for row in rows]}


@router.post("/apps/{app_key}/approve", response=AppOut, auth=requires("apps.authorise"))
def approve_app(request: MerchantRequest, app_key: str, body: AppApprovalIn) -> Any:
    """Let your own app have these packs when it is live; those of sandboxes we approve."""
    return app_shown(
        approving.approve_packs(
            merchant_id=request.merchant_id,
            app_key=app_key,
            packs=body.packs,
            reason=body.reason,
            now=_now(),
        )
    )


@router.post("/apps/{app_key}/go-live", response=AppOut, auth=requires("apps.edit"))
def go_live(request: MerchantRequest, app_key: str) -> Any:
    """Let an app be authorised by every merchant, once its list is gone through."""
    return app_shown(
        going_live.go_live(merchant_id=request.merchant_id, app_key=app_key, now=_now())
    )


@router.post("/apps/{app_key}/suspend", response=AppOut, auth=requires("apps.edit"))
def suspend_app(request: MerchantRequest, app_key: str, body: AppReasonIn) -> Any:
    """Take no call of an app any more, within five seconds."""
    return app_shown(
        suspending.suspend_app(
            merchant_id=request.merchant_id, app_key=app_key, reason=body.reason, now=_now()
        )
    )


@router.post("/apps/{app_key}/resume", response=AppOut, auth=requires("apps.edit"))
def resume_app(request: MerchantRequest, app_key: str, body: AppReasonIn) -> Any:
    """Let a suspended app be what it was before."""
    return app_shown(
        resuming.resume_app(
            merchant_id=request.merchant_id, app_key=app_key, reason=body.reason, now=_now()
        )
    )


@router.get("/apps/{app_key}/calls", response=AppCallsOut, auth=requires("apps.view"))
def list_app_calls(request: MerchantRequest, app_key: str, window: Query[Window]) -> Any:
    """What your app called, at every merchant, the latest first."""
    registered_app(merchant_id=request.merchant_id, app_key=app_key)
    return calls_shown(merchant_id=request.merchant_id, app_key=app_key, window=window, now=_now())


@router.get("/apps/{app_key}/error-rates", response=AppErrorRatesOut, auth=requires("apps.view"))
def list_app_error_rates(request: MerchantRequest, app_key: str, hours: Hours = 1) -> Any:
    """How your app's calls went, by method."""
    registered_app(merchant_id=request.merchant_id, app_key=app_key)
    return rates_shown(merchant_id=request.merchant_id, app_key=app_key, hours=hours, now=_now())
