"""Which rows of an import stand in the way of what is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from santong.customers import public as customers
from santong.kernel.wire import Statement
from santong.membership.contracts import ImportProblem, ImportRow
from santong.membership.selectors.statements import array, run, texts

ALREADY = "already a member"
LEFT = "has left"
TAKEN = "card number taken"

_THERE = Statement("""
SELECT m.person_id, m.state = 'closed', c.id IS NOT NULL
FROM membership_member m
LEFT JOIN membership_card c ON c.merchant_id = m.merchant_id AND c.member_id = m.id
  AND c.programme_id = %(programme)s AND c.state <> 'merged'
WHERE m.merchant_id = %(merchant)s AND m.person_id = ANY (%(persons)s::bigint[])
  AND m.state <> 'merged'
""")

_NUMBERS = Statement("""
SELECT number FROM membership_card
WHERE merchant_id = %(merchant)s AND programme_id = %(programme)s
  AND number = ANY (%(numbers)s::text[])
""")


def identifiers_of(row: ImportRow, *, programme_code: str) -> tuple[customers.Identifier, ...]:
    """By what the person of a row is recognised."""
    phone = customers.Identifier("phone", row.phone)
    if not row.card_number:
        return (phone,)
    return (phone, customers.Identifier("card", row.card_number, programme_code))


def known_persons(
    *, merchant_id: int, programme_code: str, rows: Sequence[ImportRow]
) -> dict[int, tuple[int, ...]]:
    """Whom the identifiers of each row lead to already, by its line."""
    asked = {row.line: identifiers_of(row, programme_code=programme_code) for row in rows}
    people = customers.find(
        merchant_id=merchant_id, identifiers=[one for each in asked.values() for one in each]
    )
    return {
        line: tuple(dict.fromkeys(person for one in each for person in people[one]))
        for line, each in asked.items()
    }


def obstacles(
    *,
    merchant_id: int,
    programme_id: int,
    rows: Sequence[ImportRow],
    persons_by_line: dict[int, tuple[int, ...]],
) -> list[ImportProblem]:
    """Rows whose person has a card or has left, or whose card number is another card's."""
    person_ids = {person for persons in persons_by_line.values() for person in persons}
    there = run(
        _THERE,
        {"merchant": merchant_id, "programme": programme_id, "persons": array(sorted(person_ids))},
    )
    why = {
        person_id: ALREADY if has_card else LEFT
        for person_id, has_left, has_card in there
        if has_card or has_left
    }
    numbers = [row.card_number for row in rows if row.card_number]
    taken = run(
        _NUMBERS, {"merchant": merchant_id, "programme": programme_id, "numbers": texts(numbers)}
    )
    numbers_taken = {number for (number,) in taken}
    return list(_found(rows, persons_by_line, why, numbers_taken))


def _found(
    rows: Sequence[ImportRow],
    persons_by_line: dict[int, tuple[int, ...]],
    why: dict[int, str],
    numbers_taken: set[str],
) -> Iterator[ImportProblem]:
    for row in rows:
        reasons = [why[person] for person in persons_by_line[row.line] if person in why]
        if reasons:
            yield ImportProblem(line=row.line, column="phone", reason=reasons[0])
        elif row.card_number in numbers_taken:
            yield ImportProblem(line=row.line, column="card_number", reason=TAKEN)
