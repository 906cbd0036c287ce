"""Whose birthday it is."""

from __future__ import annotations

from santong.kernel.wire import Statement

# Who turned out to be somebody has the birthday that was known first, as in the profile.
BORN_ON = """
SELECT p.current_id
FROM customers_person p
WHERE p.merchant_id = %(merchant)s AND p.birth_month = %(month)s AND p.birth_day = %(day)s
  AND p.current_id > %(after)s
  AND NOT EXISTS (
    SELECT FROM customers_person o
    WHERE o.merchant_id = p.merchant_id AND o.id < p.id AND o.birth_month IS NOT NULL
      AND (o.id = p.current_id OR (o.current_id = p.current_id AND o.state = 'merged'))
  )
ORDER BY p.current_id
LIMIT %(limit)s
"""
_BORN = Statement(BORN_ON)


def birthdays_on(*, merchant_id: int, month: int, day: int, after_id: int, limit: int) -> list[int]:
    """Current persons born on a day of the year, by id, above `after_id`; none is decrypted.

    Month and day stand readable beside the sealed profile, without the year: whoever copies the
    table learns how many persons have a birthday on a day, and nothing that finds one of them.
    """
    rows = _BORN.rows(
        {
            "merchant": str(merchant_id),
            "month": str(month),
            "day": str(day),
            "after": str(after_id),
            "limit": str(limit),
        }
    )
    return [person_id for (person_id,) in rows]
