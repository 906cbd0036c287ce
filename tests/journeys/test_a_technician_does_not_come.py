"""A technician does not come: two signals, a missed visit, another one, and work that is done."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client

from santong.fieldservice import public as fieldservice
from santong.kernel import tenancy
from santong.kernel.jobs import scheduled
from tests.journeys.http import Caller, tell_all
from tests.journeys.test_a_wooden_door import ADDRESS, HOME, House, house, photo

__all__ = ["house"]

CHINA = ZoneInfo("Asia/Shanghai")
MEASURING = {
    "code": "measuring",
    "name": "上门测量",
    "work_minutes": 60,
    "skills": ["door"],
    "needs_goods_arrived": False,
    "needs_code": True,
    "needs_photos": True,
}


def let_jobs_run(merchant: int) -> None:
    for name in ("clocks.look_at_due", "fieldservice.settle_absences"):
        with tenancy.scope(merchant_id=merchant):
            scheduled()[name].run(merchant_id=merchant, now=datetime.now(UTC))
    tell_all()


def booked_yesterday(house: House) -> int:
    """A visit that was booked three days ago, for yesterday afternoon."""
    then = datetime.now(UTC) - timedelta(days=3)
    yesterday = datetime.now(CHINA).date() - timedelta(days=1)
    house.office.post("/service-types", MEASURING)
    with tenancy.scope(merchant_id=house.merchant):
        visit = fieldservice.request_visit(
            merchant_id=house.merchant,
            document="stagedsale:1",
            service_type_code="measuring",
            contact=fieldservice.Contact(name="钱小满", phone="19900001111"),
            place=fieldservice.Place(**ADDRESS),  # type: ignore[arg-type]  # its fields
            key="measuring",
            now=then,
        )
        fieldservice.book(
            merchant_id=house.merchant,
            visit_id=visit.id,
            window_from=datetime.combine(yesterday, time(14), CHINA),
            now=then,
        )
    return visit.id


def send(buyer: Client, page: str, **form: str) -> None:
    answer = buyer.post(page, {"key": form["do"], **form})
    assert answer.status_code == 302, answer.content.decode()


def of_provider(office: Caller) -> dict[str, Any]:
    """What the provider promised and kept, as its dashboard counts."""
    rows = office.get("/clock-figures?by=provider&term=arrival")["rows"]
    (row,) = [each for each in rows if each["name"] == "anju"]
    found: dict[str, Any] = row
    return found


def test_who_does_not_come_is_missed_by_two_signals_and_the_buyer_books_anew(
    house: House,
) -> None:
    visit_id = booked_yesterday(house)
    let_jobs_run(house.merchant)
    alone = house.office.get(f"/visits/{visit_id}")["state"]
    buyer, page = Client(), house.office.get(f"/visits/{visit_id}/link")["path"]
    asked = buyer.get(page).content.decode()

    send(buyer, page, do="report")
    tell_all()
    missed = house.office.get(f"/visits/{visit_id}")
    told = buyer.get(page).content.decode()
    (again,) = house.office.get("/visits?state=offered&document=stagedsale:1")["items"]
    on = (datetime.now(CHINA) + timedelta(days=2)).date().isoformat()
    (day,) = house.office.get(f"/visits/{again['id']}/windows?on={on}&days=1")
    for what in ("hold", "take"):
        send(buyer, page, do=what, window=day["windows"][0]["starts_at"])
    path = f"/visits/{again['id']}"
    house.fitter.post(f"{path}/check-in", HOME)
    house.fitter.post(f"{path}/begin")
    photo(house.fitter, path)
    house.fitter.post(f"{path}/done", {"used_by_sku": {}})
    let_jobs_run(house.merchant)

    assert alone == "booked"
    assert "约定的时间已过" in asked
    assert (missed["state"], missed["missed_by"]) == ("missed", "technician")
    assert "师傅没有在约定时间上门" in told
    assert (again["follows_id"], again["follow_reason"]) == (str(visit_id), "missed")
    assert house.office.get(path)["state"] == "done"
    assert (of_provider(house.office)["kept"], of_provider(house.office)["broken"]) == (1, 1)
