from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.simulation.contracts import LogIn, Progress
from santong.simulation.rules.demo.shape import DemoMerchant, Staff
from santong.simulation.services.load_demo_visits import name_demo_callers
from santong.stores import public as stores

DEVELOPER = "developer"
HEAD_OFFICE = "head_office"
PROGRAM = "demo"


def create_demo_log_ins(
    *,
    merchant_id: int,
    demo: DemoMerchant,
    password: str,
    now: datetime,
    progress: Progress,
) -> list[LogIn]:
    """Let the demo's people in, all with one password, and make an API token; tells each of them.

    Who has a log-in already is left out. Before head office comes, technicians and dispatchers are
    told of their visits, so that all of it is there once head office is.
    """
    with tenancy.scope(merchant_id=merchant_id):
        there = {person.login for person in merchants.staff(merchant_id=merchant_id)}
    made: list[LogIn] = []
    for person in people_of(demo=demo):
        if person.username not in there:
            with tenancy.scope(merchant_id=merchant_id):
                if person.role == HEAD_OFFICE:
                    name_demo_callers(merchant_id=merchant_id, now=now)
                made += _let_in(merchant_id, demo, person, password, now)
        progress(1)
    return made


def people_of(*, demo: DemoMerchant) -> Sequence[Staff]:
    """Those who are to have a log-in; head office comes last and so says that all are there."""
    people = [person for person in demo.staff if person.has_log_in]
    return sorted(people, key=lambda person: person.role == "head_office")


def _let_in(
    merchant_id: int, demo: DemoMerchant, person: Staff, password: str, now: datetime
) -> list[LogIn]:
    staff_id = merchants.create_staff(
        merchant_id=merchant_id,
        login=person.username,
        name=person.name,
        password=password,
        now=now,
    ).staff.id
    merchants.grant_role(
        merchant_id=merchant_id,
        staff_id=staff_id,
        role=person.role,
        now=now,
        **_part(merchant_id, person),
    )
    made = [LogIn(merchant=demo.code, login=person.username, password=password, role=person.role)]
    if person.role == DEVELOPER:
        made.append(_token(merchant_id, demo, person, staff_id, now))
    return made


def _part(merchant_id: int, person: Staff) -> dict[str, int]:
    """What the grant is for: a place, else a dealer, else a brand, else all of the merchant."""
    if person.places:
        places = stores.locations_by_code(merchant_id=merchant_id, codes=person.places)
        return {"location_id": places[person.places[0]].id}
    if person.dealer:
        dealers = merchants.dealers(merchant_id=merchant_id)
        return {"dealer_id": next(each.id for each in dealers if each.code == person.dealer)}
    if person.brand:
        brands = merchants.brands(merchant_id=merchant_id)
        return {"brand_id": next(each.id for each in brands if each.code == person.brand)}
    return {}


def _token(
    merchant_id: int, demo: DemoMerchant, person: Staff, staff_id: int, now: datetime
) -> LogIn:
    token = merchants.create_token(
        merchant_id=merchant_id,
        staff_id=staff_id,
        name=PROGRAM,
        permissions=merchants.PERMISSIONS_BY_ROLE[DEVELOPER],
        now=now,
    )
    return LogIn(merchant=demo.code, login=person.username, password=token.secret, role="API token")
