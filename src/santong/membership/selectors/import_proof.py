"""Whether the books say of imported members what the file said."""

from __future__ import annotations

from collections.abc import Sequence

from santong.customers import public as customers
from santong.membership.contracts import ImportProblem, ImportProof, ImportRow
from santong.membership.selectors.members import members_of_persons
from santong.membership.selectors.programmes import programme_by_code
from santong.payments import public as payments

SOURCE = "membership.import"
DIFFERENT = "the ledger says something else"
NOT_THERE = "no member"


def key_of(card_id: int) -> str:
    """Under which key the opening of a card is posted."""
    return f"card:{card_id}"


def prove_import(
    *, merchant_id: int, programme_code: str, rows: Sequence[ImportRow]
) -> ImportProof:
    """Find each row's member by telephone number, and compare what was posted with the row.

    The sums are those of the ledger's entries, made by PostgreSQL. Raises NoSuch (programme).
    """
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    keys = _keys(merchant_id, programme_code, rows)
    sums = payments.sums_of_txns(
        merchant_id=merchant_id,
        source=SOURCE,
        keys=list(keys.values()),
        accounts=[(programme.points_asset, "available"), (programme.experience_asset, "earned")],
    )
    points = experience = 0
    differences: list[ImportProblem] = []
    for row in rows:
        if row.line not in keys:
            differences.append(ImportProblem(line=row.line, column="phone", reason=NOT_THERE))
            continue
        posted = sums.get(keys[row.line], {})
        for column, asset, wanted in (
            ("points", programme.points_asset, row.points),
            ("experience", programme.experience_asset, row.experience),
        ):
            if posted.get(asset, 0) != wanted:
                differences.append(ImportProblem(line=row.line, column=column, reason=DIFFERENT))
        points += posted.get(programme.points_asset, 0)
        experience += posted.get(programme.experience_asset, 0)
    return ImportProof(
        rows=len(rows), points=points, experience=experience, differences=tuple(differences)
    )


def _keys(merchant_id: int, programme_code: str, rows: Sequence[ImportRow]) -> dict[int, str]:
    """The key of each row's opening, by way of telephone number, person, member and card."""
    phones = {row.line: customers.Identifier("phone", row.phone) for row in rows}
    people = customers.find(merchant_id=merchant_id, identifiers=phones.values())
    members = members_of_persons(
        merchant_id=merchant_id,
        person_ids={person for found in people.values() for person in found},
    )
    keys: dict[int, str] = {}
    for line, phone in phones.items():
        found = [members[person] for person in people[phone] if person in members]
        cards = [card for member in found if (card := member.card_of(programme_code))]
        if cards:
            keys[line] = key_of(cards[0].id)
    return keys
