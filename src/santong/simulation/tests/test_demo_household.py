"""What the demo's household brand promises, sells in stages, fits, and mends."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from santong.aftersales import public as aftersales
from santong.agreements import public as agreements
from santong.clocks import public as clocks
from santong.fieldservice import public as fieldservice
from santong.kernel import tenancy
from santong.presales import public as presales
from santong.simulation.rules.demo.callers import CALLERS, CALLS
from santong.simulation.rules.demo.household import at_noon
from santong.simulation.rules.demo.shape import DemoMerchant
from santong.simulation.tests.small_demo import ALL, load
from santong.stagedsales import public as stagedsales


def counted(merchant_id: int) -> dict[str, Counter[str]]:
    """How many there are of what, by state."""
    with tenancy.scope(merchant_id=merchant_id):
        agreed = agreements.agreements_page(merchant_id=merchant_id, below_id=ALL, limit=50)
        sales = stagedsales.sales_page(merchant_id=merchant_id)
        visits = fieldservice.visits_page(merchant_id=merchant_id)
        cases = aftersales.cases_page(merchant_id=merchant_id)
        claims = aftersales.claims_page(merchant_id=merchant_id)
        joined = presales.presales_page(merchant_id=merchant_id)
    return {
        "agreements": Counter(each.state for each in agreed),
        "sales": Counter(each.state for each in sales),
        "visits": Counter(each.state for each in visits),
        "cases": Counter(each.state for each in cases),
        "claims": Counter(each.state for each in claims),
        "presales": Counter(each.state for each in joined),
    }


def test_working_time_knows_its_holidays_and_every_promise_has_somebody_to_tell(
    merchant_id: int, database: None
) -> None:
    with tenancy.scope(merchant_id=merchant_id):
        policies = clocks.policies(merchant_id=merchant_id)
        office = clocks.calendar_by_code(merchant_id=merchant_id, code="office")

    assert {policy.code for policy in policies} == {
        "ship",
        "recover",
        "case_first_reply",
        "case_decision",
        "case_refund",
    }
    assert all(policy.promise.steps for policy in policies)
    assert {year.year for year in office.calendar.years} >= {2025, 2026}


def test_agreements_are_offered_kept_and_broken_and_a_broken_one_is_paid(
    merchant_id: int, database: None
) -> None:
    found = counted(merchant_id)["agreements"]
    with tenancy.scope(merchant_id=merchant_id):
        codes = {each.code for each in agreements.templates(merchant_id=merchant_id)}
        breaches = agreements.breaches_page(merchant_id=merchant_id, below_id=ALL, limit=10)

    assert codes == {"furniture", "appliances", "jewellery", "car-service", "beauty"}
    assert found == {"offered": 1, "accepted": 3, "breached": 1}
    assert [breach.state for breach in breaches] == ["done"]


def test_staged_sales_stand_at_different_places(merchant_id: int, database: None) -> None:
    with tenancy.scope(merchant_id=merchant_id):
        sales = stagedsales.sales_page(merchant_id=merchant_id)

    # The door that is fitted today is accepted as soon as its visit is.
    states = Counter(sale.state.replace("accepted", "in_progress") for sale in sales)
    assert states == {"closed": 1, "in_progress": 2, "redeemed": 2, "code_issued": 1}
    assert sum(sale.open_change is not None for sale in sales) == 1


def test_visits_are_made_missed_and_to_come(merchant_id: int, database: None) -> None:
    with tenancy.scope(merchant_id=merchant_id):
        people = fieldservice.technicians(merchant_id=merchant_id)
        visits = fieldservice.visits_page(merchant_id=merchant_id)

    assert {person.code for person in people} == {caller.code for caller in CALLERS}
    assert sum(person.staff_id is not None for person in people) == 1
    states = Counter(visit.state for visit in visits)
    assert states["accepted"] >= 2
    assert states["missed"] == 1
    assert len(visits) == len(CALLS) + states["missed"]


def test_cases_wait_are_worked_on_and_done(merchant_id: int, database: None) -> None:
    found = counted(merchant_id)

    assert found["cases"] == {"requested": 2, "working": 2, "done": 1}
    assert found["claims"] == {"submitted": 1}


def test_a_presale_is_joined(merchant_id: int, database: None) -> None:
    assert counted(merchant_id)["presales"] == {"deposit_paid": 3, "asked": 1}


def test_loaded_again_nothing_is_added(
    small_demo: DemoMerchant, merchant_id: int, database: None
) -> None:
    before = counted(merchant_id)

    load(small_demo)

    assert counted(merchant_id) == before


def test_what_was_around_noon_is_never_later_than_now() -> None:
    early = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # four in the morning of the 23rd

    assert at_noon(early, 0) == early
    assert at_noon(early, 1) == datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
