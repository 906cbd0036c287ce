"""Providers and technicians, with their hours, leave and holidays."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import choice_of, day_of, optional_text, text_of, whole_number
from santong.console.views.frame import command, page, plain_command, sentence_of, shown
from santong.console.views.lists import midnight
from santong.console.views.visit_fields import lines_of, point_field
from santong.console.views.visit_sight import own_provider, seen_by
from santong.fieldservice import public as fieldservice
from santong.kernel.errors import DomainError, FieldInvalid, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.merchants import public as merchants

WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
INTERVALS = (1, 2, 3)


@page("visits.view")
def technician_list(request: MerchantRequest) -> HttpResponse:
    """Providers with their people, and the forms that open new ones."""
    return people_page(request)


def people_page(request: MerchantRequest, *, refused: DomainError | None = None) -> HttpResponse:
    """The page of all people; with a refusal."""
    sight = seen_by(request)
    known = fieldservice.providers(merchant_id=request.merchant_id, sight=sight)
    people = fieldservice.technicians(merchant_id=request.merchant_id, sight=sight)
    values = {
        "providers": [
            (each, [one for one in people if one.provider_id == each.id]) for each in known
        ],
        "others": [one for one in people if one.provider_id not in {each.id for each in known}],
        "is_whole": sight.is_whole,
        "own": [each for each in known if sight.is_whole or each.id in sight.provider_ids],
        "territories": fieldservice.territories(merchant_id=request.merchant_id),
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "visits/technicians", values, section="technicians", status=status)


@page("visits.edit", method="POST")
def provider_keep(request: MerchantRequest) -> HttpResponse:
    """Open a provider, or change one."""

    def write() -> object:
        if not seen_by(request).is_whole:
            raise PermissionMissing(permission="visits.edit")
        logins = lines_of(request, "logins")
        staff = {each.login: each.id for each in merchants.staff(merchant_id=request.merchant_id)}
        if unknown := [each for each in logins if each not in staff]:
            raise FieldInvalid(pointer="/logins", reason=f"no log-in {unknown[0]}")
        return fieldservice.keep_provider(
            merchant_id=request.merchant_id,
            code=text_of(request, "code"),
            name=text_of(request, "name"),
            speed=fieldservice.Speed(
                metres_per_minute=whole_number(request, "metres_per_minute", least=1, most=5_000),
                fixed_minutes=whole_number(request, "fixed_minutes", least=0, most=240),
            ),
            staff_ids=[staff[each] for each in logins],
            now=datetime.now(UTC),
        )

    return plain_command(
        request,
        write=write,
        said=_("Kept."),
        where="/console/technicians/",
        again=lambda refused: people_page(request, refused=refused),
    )


@page("visits.edit", method="POST")
def technician_keep(request: MerchantRequest) -> HttpResponse:
    """Take a technician on, or change one."""

    def act() -> str:
        login = optional_text(request, "login")
        staff = {each.login: each.id for each in merchants.staff(merchant_id=request.merchant_id)}
        if login and login not in staff:
            raise FieldInvalid(pointer="/login", reason=f"no log-in {login}")
        kept = fieldservice.keep_technician(
            merchant_id=request.merchant_id,
            provider_code=own_provider(request, request.POST.get("provider", "")).code,
            code=text_of(request, "code"),
            name=text_of(request, "name"),
            skills=optional_text(request, "skills").replace("，", ",").split(","),
            home=point_field(request, "home"),
            territory_code=optional_text(request, "territory"),
            staff_id=staff.get(login) if login else None,
            is_working=request.POST.get("is_working", "yes") == "yes",
            now=datetime.now(UTC),
        )
        return f"/console/technicians/{kept.code}/"

    return command(request, act=act, again=lambda refused: people_page(request, refused=refused))


@page("visits.view")
def technician_detail(request: MerchantRequest, code: str) -> HttpResponse:
    """One technician: skills, hours, leave."""
    return technician_page(request, _technician(request, code))


def technician_page(
    request: MerchantRequest,
    technician: fieldservice.Technician,
    *,
    refused: DomainError | None = None,
) -> HttpResponse:
    """The page of one technician; with a refusal."""
    merchant_id, sight = request.merchant_id, seen_by(request)
    territories = fieldservice.territories(merchant_id=merchant_id)
    logins = {each.id: each.login for each in merchants.staff(merchant_id=merchant_id)}
    values = {
        "technician": technician,
        "login": logins.get(technician.staff_id or 0, ""),
        "hours": fieldservice.hours_of(merchant_id=merchant_id, technician_id=technician.id),
        "leave": fieldservice.leave_of(merchant_id=merchant_id, technician_id=technician.id),
        "territory": next(
            (each for each in territories if each.id == technician.territory_id), None
        ),
        "territories": territories,
        "is_own": sight.is_whole or technician.provider_id in sight.provider_ids,
        "week": WEEK,
        "intervals": INTERVALS,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "visits/technician", values, section="technicians", status=status)


@page("visits.edit", method="POST")
def technician_hours(request: MerchantRequest, code: str) -> HttpResponse:
    """These days of the week, and these intervals on each of them."""
    technician = _own(request, code)

    def write() -> object:
        days = [day for day in WEEK if day in request.POST.getlist("days")]
        since = day_of(request.POST.get("since", ""))
        if not days or since is None:
            raise FieldInvalid(pointer="/days", reason="days of the week, and since when")
        hours = [
            fieldservice.Hours(
                rule=f"FREQ=WEEKLY;BYDAY={','.join(days)}",
                begins=optional_text(request, f"begins_{number}"),
                ends=optional_text(request, f"ends_{number}"),
                valid_from=since,
            )
            for number in INTERVALS
            if optional_text(request, f"begins_{number}")
        ]
        return fieldservice.set_hours(
            merchant_id=request.merchant_id,
            technician_id=technician.id,
            hours=hours,
            now=datetime.now(UTC),
        )

    return _kept(request, technician, write)


@page("visits.edit", method="POST")
def technician_leave(request: MerchantRequest, code: str) -> HttpResponse:
    """Away for some days, or there after all."""
    technician = _own(request, code)

    def write() -> object:
        now = datetime.now(UTC)
        if choice_of(request, "do", among=("add", "remove")) == "remove":
            known = fieldservice.leave_of(
                merchant_id=request.merchant_id, technician_id=technician.id
            )
            leave_id = id_of(request.POST.get("leave", ""), kind="leave")
            if leave_id not in {each.id for each in known}:
                raise FieldInvalid(pointer="/leave", reason="leave of somebody else")
            return fieldservice.remove_leave(
                merchant_id=request.merchant_id, leave_id=leave_id, now=now
            )
        first, last = (day_of(request.POST.get(name, "")) for name in ("first", "last"))
        if first is None or last is None:
            raise FieldInvalid(pointer="/first", reason="two days")
        return fieldservice.add_leave(
            merchant_id=request.merchant_id,
            technician_id=technician.id,
            starts_at=midnight(request, first),
            ends_at=midnight(request, last.fromordinal(last.toordinal() + 1)),
            reason=text_of(request, "reason"),
            now=now,
        )

    return _kept(request, technician, write)


def _kept(
    request: MerchantRequest, technician: fieldservice.Technician, write: object
) -> HttpResponse:
    return plain_command(
        request,
        write=write,  # type: ignore[arg-type]  # a function without arguments
        said=_("Kept."),
        where=f"/console/technicians/{technician.code}/",
        again=lambda refused: technician_page(request, technician, refused=refused),
    )


def _technician(request: MerchantRequest, code: str) -> fieldservice.Technician:
    return fieldservice.technician_by_code(
        merchant_id=request.merchant_id, code=code, sight=seen_by(request)
    )


def _own(request: MerchantRequest, code: str) -> fieldservice.Technician:
    """A technician whom somebody looks after; a shop only sees them."""
    found = _technician(request, code)
    own_provider(request, found.provider_code)
    return found
