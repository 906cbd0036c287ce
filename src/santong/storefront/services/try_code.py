"""See whether a typed code is the one that was sent."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement, octets
from santong.storefront.contracts import Purpose, Tried
from santong.storefront.rules.codes import PROVED_FOR, TRIES_MAX, cleaned
from santong.storefront.rules.sessions import hash_of, is_key
from santong.storefront.selectors.codes import code_hash

# The try is counted by the statement that compares: whoever comes second sees the first's count.
_TRY = Statement("""
UPDATE storefront_onetimecode
SET tries = tries + 1,
  state = CASE WHEN code_hash = %(code)s::bytea THEN 'proved' ELSE state END,
  expires_at = CASE WHEN code_hash = %(code)s::bytea THEN %(proved_until)s::timestamptz
    ELSE expires_at END
WHERE merchant_id = %(merchant)s AND ticket_hash = %(ticket)s::bytea AND purpose = %(purpose)s
  AND state = 'sent' AND expires_at > %(now)s::timestamptz AND tries < %(most)s::integer
RETURNING state = 'proved', tries
""")


@all_or_nothing
def try_code(*, merchant_id: int, ticket: str, code: str, purpose: Purpose, now: datetime) -> Tried:
    """Count a try, and prove the phone if it is right. A code proves once, however many come.

    Because the count must stay, a wrong code is given back and not raised: whoever refuses it
    does so after the transaction. Locks the code.
    """
    if not is_key(ticket):
        return Tried(answer="over")
    ticket_hash = hash_of(ticket)
    rows = _TRY.rows(
        {
            "merchant": str(merchant_id),
            "ticket": octets(ticket_hash),
            "purpose": purpose,
            "most": str(TRIES_MAX),
            "code": octets(
                code_hash(merchant_id=merchant_id, ticket_hash=ticket_hash, code=cleaned(code))
            ),
            "proved_until": (now + PROVED_FOR).isoformat(),
            "now": now.isoformat(),
        }
    )
    if not rows:
        return Tried(answer="over")
    ((is_proved, tries),) = rows
    left = TRIES_MAX - tries
    if is_proved:
        return Tried(answer="proved", left=left)
    return Tried(answer="wrong" if left else "over", left=left)
