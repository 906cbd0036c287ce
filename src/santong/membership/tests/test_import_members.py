"""A member base is taken in once, and its balances are proven."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from santong.customers import public as customers
from santong.kernel import cells, tenancy
from santong.membership import public as membership
from santong.membership.contracts import Programme
from santong.membership.events import MemberJoined, MembersImported
from santong.membership.management.commands import import_members as command
from santong.membership.models import Attribution, Card, ImportBatch, Member
from santong.membership.rules.tiers import kept_until
from santong.membership.tests.factories import (
    NOW,
    facts_told,
    join_by_phone,
    lots_of,
    make_programme,
    points_of,
)
from santong.membership.tests.points import WITH_TIERS, publish
from santong.payments import public as payments

COLUMNS = (
    "phone",
    "name",
    "birthday",
    "card_number",
    "tier",
    "tier_until",
    "points",
    "experience",
    "joined_at",
)


@dataclass
class Desk:
    """Where files are handed in."""

    merchant: int
    code: str
    programme: Programme
    folder: Path

    def hand_in(self, rows: Sequence[dict[str, Any]], *flags: str, name: str = "base") -> str:
        path = self.folder / f"{name}.csv"
        with path.open("w", newline="", encoding="utf-8") as sink:
            writer = csv.DictWriter(sink, COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(rows)
        told = io.StringIO()
        call_command(
            "import_members",
            str(path),
            f"--merchant={self.code}",
            f"--programme={self.programme.code}",
            *flags,
            stdout=told,
        )
        return told.getvalue()

    def refused(self, rows: Sequence[dict[str, Any]], *flags: str) -> list[tuple[str, str, str]]:
        with pytest.raises(CommandError):
            self.hand_in(rows, *flags)
        with (self.folder / "base.csv.rejects.csv").open(newline="", encoding="utf-8") as listed:
            return [(line, column, reason) for line, column, reason in csv.reader(listed)][1:]

    def member(self, phone: str) -> membership.Member:
        with tenancy.scope(merchant_id=self.merchant):
            found = membership.find_member(merchant_id=self.merchant, phone=phone)
        assert found is not None
        return found


@pytest.fixture
def desk(merchant: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(f"{command.__name__}.AT_ONCE", 50)
    with tenancy.scope(merchant_id=merchant):
        programme = make_programme(merchant_id=merchant)
    code = next(
        known.code
        for cell in cells.all_cells()
        for known in cells.merchants_of(cell)
        if known.merchant_id == merchant
    )
    return Desk(merchant, code, programme, tmp_path)


def base(count: int) -> list[dict[str, Any]]:
    return [
        {
            "phone": f"138{place:08}",
            "name": "王小明",
            "birthday": "1990-05-17",
            "card_number": f"OLD-{place}" if place % 3 else "",
            "tier": "gold" if place % 5 == 0 else "",
            "points": f"{place}@2099-12-31;{place * 2}",
            "experience": place * 10,
            "joined_at": "2020-01-01",
        }
        for place in range(count)
    ]


def test_a_base_is_taken_in_with_cards_tiers_points_and_experience(desk: Desk) -> None:
    rows = base(120)

    told = desk.hand_in(rows)

    points, experience = 3 * sum(range(120)), 10 * sum(range(120))
    assert "120 members are taken in, 120 of them new" in told
    assert f"proof: 120 members, {points} points, {experience} experience: equal" in told
    member = desk.member(rows[50]["phone"])
    (card,) = member.cards
    assert (card.number, card.tier, member.joined_by) == ("OLD-50", "gold", "import")
    with tenancy.scope(merchant_id=desk.merchant):
        about: dict[str, Any] = {"merchant_id": desk.merchant, "programme": desk.programme}
        assert points_of(**about, member_id=member.id) == 150
        assert sorted(amount for amount, _ in lots_of(**about, member_id=member.id)) == [50, 100]
        by_kind = {
            total.kind: total.amount
            for total in payments.totals(
                merchant_id=desk.merchant, asset=desk.programme.points_asset
            )
        }
        assert by_kind == {"available": points, "opening": -points}
        assert Attribution.objects.of_merchant(desk.merchant).filter(kind="import").count() == 120
        assert facts_told(merchant_id=desk.merchant, kind=MemberJoined) == []
        told_facts = facts_told(merchant_id=desk.merchant, kind=MembersImported)
        assert [fact.members for fact in told_facts] == [50, 50, 20]
        assert membership.check_invariants(merchant_id=desk.merchant) == []


def test_the_same_file_again_doubles_nothing(desk: Desk) -> None:
    rows = base(60)
    desk.hand_in(rows)

    told = desk.hand_in(rows)

    assert "0 members are taken in" in told
    assert "60 rows there already; 0 set aside" in told
    with tenancy.scope(merchant_id=desk.merchant):
        assert Member.objects.of_merchant(desk.merchant).count() == 60
        assert ImportBatch.objects.of_merchant(desk.merchant).count() == 2


class KilledRun(BaseException):
    """As if the process had ended between two transactions."""


def break_off(
    desk: Desk, rows: Sequence[dict[str, Any]], *, after: int, flags: Sequence[str]
) -> None:
    """Let a run be killed once so many parts are written."""
    taken = 0
    really = membership.import_members

    def dies(**asked: Any) -> Any:
        nonlocal taken
        if taken == after:
            raise KilledRun
        taken += 1
        return really(**asked)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(command, "import_members", dies)
        with pytest.raises(KilledRun):
            desk.hand_in(rows, *flags)


def test_a_run_that_was_broken_off_says_what_to_do_and_goes_on_by_resume(desk: Desk) -> None:
    rows = base(170)
    break_off(desk, rows, after=1, flags=())

    with pytest.raises(CommandError, match=r"broken off before line 52\. Add --resume") as told:
        desk.hand_in(rows)
    with tenancy.scope(merchant_id=desk.merchant):
        untouched = Member.objects.of_merchant(desk.merchant).count()
    # Killed again, after each part, it still comes to its end.
    break_off(desk, rows, after=2, flags=["--resume"])
    break_off(desk, rows, after=3, flags=["--resume"])
    resumed = desk.hand_in(rows, "--resume")

    assert (told.value.returncode, untouched) == (3, 50)
    assert "150 members of its rows are there; going on from line 152" in resumed
    assert "20 members are taken in" in resumed
    assert "150 rows there already" in resumed
    points, experience = 3 * sum(range(170)), 10 * sum(range(170))
    assert f"proof: 170 members, {points} points, {experience} experience: equal" in resumed
    with tenancy.scope(merchant_id=desk.merchant):
        assert Member.objects.of_merchant(desk.merchant).count() == 170
        assert ImportBatch.objects.of_merchant(desk.merchant).count() == 4
        assert membership.check_invariants(merchant_id=desk.merchant) == []


def test_a_run_that_ended_is_not_one_that_was_broken_off(desk: Desk) -> None:
    rows = base(60)

    with pytest.raises(CommandError, match=r"nothing of base\.csv has been taken in"):
        desk.hand_in(rows, "--resume")
    desk.hand_in(rows)
    again = desk.hand_in(rows, "--resume")
    dry = desk.refused(rows, "--dry-run")

    assert "60 members of its rows are there, and no row is left" in again
    assert "0 members are taken in" in again
    assert len(dry) == 60


def test_a_dry_run_writes_nothing_and_says_the_same(desk: Desk) -> None:
    rows = base(60)
    rows[7]["points"] = "many"

    dry = desk.refused(rows, "--dry-run")
    with tenancy.scope(merchant_id=desk.merchant):
        written = [
            table.objects.filter(merchant_id=desk.merchant).count()
            for table in (Member, Card, ImportBatch)
        ]
        phones = [customers.Identifier("phone", row["phone"]) for row in rows]
        known = customers.find(merchant_id=desk.merchant, identifiers=phones)
    wet = desk.refused(rows)

    assert written == [0, 0, 0]
    assert set(known.values()) == {()}
    assert dry == wet == [("9", "points", "a whole number that is not below zero")]


def test_what_stands_in_the_way_is_set_aside_and_the_rest_comes_in(desk: Desk) -> None:
    rows = base(20)
    with tenancy.scope(merchant_id=desk.merchant):
        autumn = make_programme(merchant_id=desk.merchant)
        for place, programme in ((3, desk.programme), (4, autumn)):
            join_by_phone(
                merchant_id=desk.merchant, programme=programme, phone=rows[place]["phone"]
            )
        membership.enrol(
            merchant_id=desk.merchant,
            programme_code=desk.programme.code,
            person_id=999_999,
            source=membership.JoinSource(kind="till"),
            card_number="OLD-5",
            now=NOW,
        )
        left = join_by_phone(
            merchant_id=desk.merchant, programme=autumn, phone=rows[6]["phone"]
        ).member
        membership.close_member(
            merchant_id=desk.merchant,
            member_id=left.id,
            reason="asked",
            now=NOW,
        )
    rows[8]["phone"] = rows[7]["phone"]
    rows[10]["card_number"] = "OLD-11"

    found = desk.refused(rows)

    assert found == [
        ("5", "phone", "already a member"),
        ("7", "card_number", "card number taken"),
        ("8", "phone", "has left"),
        ("10", "phone", "stands in the file before"),
        ("13", "card_number", "stands in the file before"),
    ]
    both = desk.member(rows[4]["phone"])
    assert [card.programme_code for card in both.cards] == [autumn.code, desk.programme.code]
    with tenancy.scope(merchant_id=desk.merchant):
        assert membership.check_invariants(merchant_id=desk.merchant) == []


def test_two_rows_of_one_person_are_one_member(desk: Desk) -> None:
    rows = base(4)
    with tenancy.scope(merchant_id=desk.merchant):
        one, other = (
            customers.resolve(
                merchant_id=desk.merchant,
                identifiers=[customers.Identifier("phone", row["phone"])],
                profile=None,
                source="test",
                now=NOW,
            ).person_id
            for row in rows[1:3]
        )
        customers.merge(
            merchant_id=desk.merchant,
            first_id=one,
            second_id=other,
            reason="the same",
            now=NOW,
        )

    found = desk.refused(rows)

    assert found == [("4", "phone", "the same person as another row")]
    with tenancy.scope(merchant_id=desk.merchant):
        assert Member.objects.of_merchant(desk.merchant).count() == 3


def test_a_balance_that_is_not_the_files_is_found(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = base(10)
    desk.hand_in(rows)
    rows[4]["points"] = "5000"
    with tenancy.scope(merchant_id=desk.merchant):
        known = ImportBatch.objects.of_merchant(desk.merchant).values_list("file_hash", flat=True)
        the_hash = known.get()

    class SameFile:
        @staticmethod
        def hexdigest() -> str:
            return str(the_hash)

    monkeypatch.setattr(f"{command.__name__}.hashlib.file_digest", lambda *_: SameFile())

    with pytest.raises(CommandError, match="1 rows differ: 6"):
        desk.hand_in(rows)


@pytest.mark.parametrize(
    ("flags", "told"),
    [(["--merchant=nobody"], "no merchant"), (["--programme=nobody"], "no programme")],
)
def test_whom_it_does_not_know_is_told(desk: Desk, flags: list[str], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        desk.hand_in(base(1), *flags)


def test_a_tier_without_a_date_is_kept_by_the_terms_and_reviewed_at_its_end(desk: Desk) -> None:
    with tenancy.scope(merchant_id=desk.merchant):
        publish(merchant_id=desk.merchant, programme=desk.programme, terms=WITH_TIERS)
    rows = base(3)

    desk.hand_in(
        [
            {**rows[0], "tier": "gold"},
            {**rows[1], "tier": "silver", "tier_until": "2099-12-31"},
            {**rows[2], "tier": "base"},
        ]
    )

    kept, dated, lowest = (desk.member(row["phone"]).cards[0] for row in rows)
    assert kept.tier_since is not None
    assert kept.tier_until == kept_until(
        WITH_TIERS.tier, since=kept.tier_since, timezone="Asia/Shanghai"
    )
    assert dated.tier_until == datetime(2099, 12, 31, 16, tzinfo=UTC)
    assert lowest.tier_until is None
    with tenancy.scope(merchant_id=desk.merchant):
        now = kept.tier_until
        reviewed = membership.review_tiers(merchant_id=desk.merchant, now=now, limit=10)
    assert reviewed == 1
    assert desk.member(rows[0]["phone"]).cards[0].tier == "silver"
