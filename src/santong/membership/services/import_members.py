"""Take in members of another system, some thousands at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime

from santong.customers import public as customers
from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.contracts import ImportProblem, ImportRow
from santong.membership.events import MembersImported
from santong.membership.models import ImportBatch
from santong.membership.rules.tiers import begun_by_hand
from santong.membership.selectors.import_obstacles import (
    identifiers_of,
    known_persons,
    obstacles,
)
from santong.membership.selectors.programmes import programme_by_code
from santong.membership.selectors.terms import newest_terms
from santong.membership.services.import_cards import give_cards
from santong.membership.services.import_openings import open_balances
from santong.membership.services.lock import lock_persons
from santong.membership.services.signature import signature

SOURCE = "import"
SAME_PERSON = "the same person as another row"
NO_SUCH_TIER = "no tier of the programme"


@all_or_nothing
def import_members(
    *,
    merchant_id: int,
    programme_code: str,
    file_hash: str,
    first_line: int,
    rows: Sequence[ImportRow],
    now: datetime,
) -> contracts.ImportedBatch:
    """Make members of rows with their cards, tiers, points and experience; once for the same rows.

    The rows are those of a file from one line on. Rows that stand in the way of what is there are
    left out and told. Nobody is told to have joined: these were members before.

    Raises NoSuch (programme), Busy. Emits MembersImported, and what customers emit. Locks the graph
    of persons, persons, members, accounts of the ledger.
    """
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    done = ImportBatch.objects.of_merchant(merchant_id).filter(
        programme=programme.id, file_hash=file_hash, first_line=first_line
    )
    if before := done.first():
        return _as_before(before)
    published = newest_terms(merchant_id=merchant_id, programme_ids=[programme.id]).get(
        programme.id
    )
    problems = wrong_tiers(published=published, rows=rows)
    good = _without(rows, problems)
    known = known_persons(merchant_id=merchant_id, programme_code=programme_code, rows=good)
    problems += obstacles(
        merchant_id=merchant_id, programme_id=programme.id, rows=good, persons_by_line=known
    )
    good = _without(good, problems)
    persons = _persons(merchant_id, programme_code, good, known, now)
    problems += [
        ImportProblem(line=row.line, column="phone", reason=SAME_PERSON)
        for row in good
        if row.line not in persons
    ]
    good = _without(good, problems)
    # Nobody else can see who is new; who was there may be joining at this moment.
    was_there = {person for line in persons for person in known[line]}
    lock_persons(merchant_id=merchant_id, person_ids=was_there & set(persons.values()))
    cards = give_cards(
        merchant_id=merchant_id,
        programme=programme,
        rows=_with_ends(good, published, now),
        persons=persons,
        now=now,
    )
    open_balances(merchant_id=merchant_id, programme=programme, rows=good, cards=cards, now=now)
    batch = ImportBatch.objects.create(
        merchant_id=merchant_id,
        programme_id=programme.id,
        file_hash=file_hash,
        first_line=first_line,
        rows=len(rows),
        members=len(good),
        new_members=sum(card.is_new_member for card in cards.values()),
        points=sum(row.points for row in good),
        experience=sum(row.experience for row in good),
        problems=[dataclasses.asdict(problem) for problem in problems],
        imported_at=now,
        actor=signature(),
    )
    _tell(batch, now)
    return dataclasses.replace(_as_before(batch), is_new=True)


def wrong_tiers(
    *, published: contracts.PublishedTerms | None, rows: Sequence[ImportRow]
) -> list[ImportProblem]:
    """Rows with a tier that the programme does not have, where it says which it has."""
    if published is None:
        return []
    tiers = {tier.code for tier in published.terms.tiers}
    return [
        ImportProblem(line=row.line, column="tier", reason=NO_SUCH_TIER)
        for row in rows
        if row.tier and row.tier not in tiers
    ]


def _with_ends(
    rows: Sequence[ImportRow], published: contracts.PublishedTerms | None, now: datetime
) -> list[ImportRow]:
    """A tier whose end the file does not say is kept as long as the terms say, from now on.

    Without terms it has no end yet: `date_tiers` gives it one when there are some.
    """
    if published is None:
        return list(rows)
    terms = published.terms
    return [
        row
        if row.tier_until or not row.tier
        else dataclasses.replace(
            row,
            tier_until=begun_by_hand(
                terms.tiers, terms.tier, code=row.tier, since=now, timezone=terms.timezone
            ).until,
        )
        for row in rows
    ]


def _without(rows: Sequence[ImportRow], problems: Sequence[ImportProblem]) -> list[ImportRow]:
    lines = {problem.line for problem in problems}
    return [row for row in rows if row.line not in lines]


def _persons(
    merchant_id: int,
    programme_code: str,
    rows: Sequence[ImportRow],
    known: Mapping[int, Sequence[int]],
    now: datetime,
) -> dict[int, int]:
    """Who each row is, by its line; a second row of one person is left out.

    Of whom something is known already, the telephone number decides alone: two cards with one
    number are one person.
    """
    ids = customers.create_many(
        merchant_id=merchant_id,
        persons=[
            customers.NewPerson(
                identifiers=identifiers_of(row, programme_code=programme_code)[
                    : 1 if known[row.line] else None
                ],
                profile=_profile(row),
            )
            for row in rows
        ],
        source=SOURCE,
        now=now,
    )
    current = customers.current_ids(merchant_id=merchant_id, person_ids=set(ids))
    line_by_person: dict[int, int] = {}
    for row, person_id in zip(rows, ids, strict=True):
        line_by_person.setdefault(current[person_id], row.line)
    return {line: person_id for person_id, line in line_by_person.items()}


def _profile(row: ImportRow) -> customers.Profile | None:
    genders: Mapping[str, customers.Gender] = {
        "female": "female",
        "male": "male",
        "other": "other",
    }
    if not (row.name or row.birthday or row.gender):
        return None
    return customers.Profile(
        name=row.name, birthday=row.birthday, gender=genders.get(row.gender, "")
    )


def _as_before(batch: ImportBatch) -> contracts.ImportedBatch:
    return contracts.ImportedBatch(
        members=batch.members,
        new_members=batch.new_members,
        points=batch.points,
        experience=batch.experience,
        problems=tuple(ImportProblem(**problem) for problem in batch.problems),
        is_new=False,
    )


def _tell(batch: ImportBatch, now: datetime) -> None:
    audit.record(
        audit.Change(
            action="membership.import_members",
            subject="import_batch",
            subject_id=batch.id,
            reason="imported",
            after={"members": batch.members, "points": batch.points},
        ),
        now=now,
    )
    outbox.publish(
        MembersImported(batch_id=batch.id, programme_id=batch.programme_id, members=batch.members),
        now=now,
    )
