"""Kinds of service, and territories."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import choice_of, optional_text, text_of, whole_number
from santong.console.views.frame import page, plain_command, sentence_of, shown
from santong.console.views.visit_fields import lines_of, point_of
from santong.console.views.visit_sight import seen_by
from santong.fieldservice import public as fieldservice
from santong.kernel.errors import DomainError, PermissionMissing
from santong.kernel.http.auth import MerchantRequest

MOST_METRES = 100_000
MOST_MINOR = 10_000_000


@page("visits.view")
def service_type_list(request: MerchantRequest) -> HttpResponse:
    """What is done at buyers', and where."""
    return services_page(request)


def services_page(request: MerchantRequest, *, refused: DomainError | None = None) -> HttpResponse:
    """The page of kinds of service and territories; with a refusal."""
    known = fieldservice.service_types(merchant_id=request.merchant_id)
    chosen = next((each for each in known if each.code == request.GET.get("code")), None)
    values = {
        "services": known,
        "chosen": chosen or fieldservice.NewServiceType(code="", name="", work_minutes=60),
        "territories": fieldservice.territories(merchant_id=request.merchant_id),
        "kinds": fieldservice.TERRITORY_KINDS,
        "is_whole": seen_by(request).is_whole,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "visits/services", values, section="service_types", status=status)


@page("visits.edit", method="POST")
def service_type_keep(request: MerchantRequest) -> HttpResponse:
    """Keep a kind of service."""

    def write() -> object:
        _check_whole(request)
        return fieldservice.keep_service_type(
            merchant_id=request.merchant_id,
            new=fieldservice.NewServiceType(
                code=text_of(request, "code"),
                name=text_of(request, "name"),
                skills=tuple(optional_text(request, "skills").replace("，", ",").split(",")),
                work_minutes=whole_number(request, "work_minutes", least=5, most=1_440),
                before_minutes=whole_number(request, "before_minutes", least=0, most=240),
                after_minutes=whole_number(request, "after_minutes", least=0, most=240),
                window_minutes=whole_number(request, "window_minutes", least=15, most=1_440),
                notice_hours=whole_number(request, "notice_hours", least=0, most=720),
                free_change_hours=whole_number(request, "free_change_hours", least=0, most=720),
                late_fee_minor=whole_number(request, "late_fee_minor", least=0, most=MOST_MINOR),
                needs_goods_arrived=_is_ticked(request, "needs_goods_arrived"),
                needs_code=_is_ticked(request, "needs_code"),
                needs_photos=_is_ticked(request, "needs_photos"),
                is_preparation=_is_ticked(request, "is_preparation"),
            ),
            now=datetime.now(UTC),
        )

    return _kept(request, write)


@page("visits.edit", method="POST")
def territory_keep(request: MerchantRequest) -> HttpResponse:
    """Keep a territory: corners or districts one a line, or a middle and its radius."""

    def write() -> object:
        _check_whole(request)
        kind = choice_of(request, "kind", among=fieldservice.TERRITORY_KINDS)
        lines = lines_of(request, "drawn")
        return fieldservice.keep_territory(
            merchant_id=request.merchant_id,
            code=text_of(request, "code"),
            name=text_of(request, "name"),
            corners=[point_of(each, "drawn") for each in lines] if kind == "polygon" else [],
            middle=point_of(lines[0] if lines else "", "drawn") if kind == "radius" else None,
            radius_metres=whole_number(request, "radius_metres", least=1, most=MOST_METRES)
            if kind == "radius"
            else 0,
            districts=lines if kind == "districts" else [],
            now=datetime.now(UTC),
        )

    return _kept(request, write)


def _kept(request: MerchantRequest, write: object) -> HttpResponse:
    return plain_command(
        request,
        write=write,  # type: ignore[arg-type]  # a function without arguments
        said=_("Kept."),
        where="/console/service-types/",
        again=lambda refused: services_page(request, refused=refused),
    )


def _check_whole(request: MerchantRequest) -> None:
    """What holds for everybody is for whoever sees everything."""
    if not seen_by(request).is_whole:
        raise PermissionMissing(permission="visits.edit")


def _is_ticked(request: MerchantRequest, name: str) -> bool:
    return request.POST.get(name) == "yes"
