"""Same command, same answer: what makes a repeated POST safe."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from santong.kernel import crypto
from santong.kernel.errors import AnswerNotKept, FieldInvalid, KeyReused
from santong.kernel.models import IdempotencyKey
from santong.kernel.wire import Statement, from_octets, octets

# Tills may be offline for a week and come back late; documented in docs/howto.
KEPT_FOR = timedelta(days=35)
LONGEST_KEY = 200

# Two statements, for the second must see what was committed while the first waited.
_ALONE = Statement(
    "SELECT pg_advisory_xact_lock(hashtextextended(%(place)s, %(merchant)s)) IS NULL"
)
_FIRST = Statement("""
SELECT request_hash::text, status, body::text, content_type FROM kernel_idempotencykey
WHERE merchant_id = %(merchant)s AND key = %(key)s
""")
_REMEMBER = Statement("""
INSERT INTO kernel_idempotencykey
    (merchant_id, key, request_hash, status, body, content_type, created_at)
VALUES (%(merchant)s, %(key)s, %(hash)s, %(status)s, %(body)s, %(type)s, %(now)s)
""")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time."""

    status: int
    body: bytes
    content_type: str


def request_hash(*parts: bytes) -> bytes:
    """What must be equal for two requests to be the same command."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def first_answer(*, merchant_id: int, key: str, hashed: bytes) -> Answer | None:
    """The first answer to this command; none if this transaction is the first to work on it.

    A second request with the same key waits until the first has ended. If the first was refused
    or failed, nothing of it was remembered: it had no effect, so the second runs.

    Raises KeyReused, AnswerNotKept, FieldInvalid. Locks the key.
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise FieldInvalid(
            pointer="/headers/Idempotency-Key",
            reason=f"1 to {LONGEST_KEY} printable characters",
        )
    _ALONE.later({"place": _place(key), "merchant": str(merchant_id)})
    found = _FIRST.rows({"merchant": str(merchant_id), "key": key})
    if not found:
        return None
    ((first_hash, status, sealed, content_type),) = found
    # Older ones were kept without the key; they are gone after `KEPT_FOR`.
    if first_hash not in (_kept(merchant_id, hashed), octets(hashed)):
        raise KeyReused(key=key)
    if sealed == octets(b""):
        raise AnswerNotKept(key=key)
    body = crypto.decrypt(merchant_id=merchant_id, sealed=from_octets(sealed), place=_place(key))
    return Answer(status, body, content_type)


def remember(
    *, merchant_id: int, key: str, hashed: bytes, answer: Answer | None, now: datetime
) -> None:
    """Keep the first answer, sealed, in the transaction of the work itself.

    An answer of None was shown once, for it holds a secret: the command is remembered without it.
    """
    sealed = b""
    if answer is not None:
        sealed = crypto.encrypt(merchant_id=merchant_id, plain=answer.body, place=_place(key))
    _REMEMBER.later(
        {
            "merchant": str(merchant_id),
            "key": key,
            "hash": _kept(merchant_id, hashed),
            "status": str(answer.status if answer else 0),
            "body": octets(sealed),
            "type": answer.content_type if answer else "",
            "now": now.isoformat(),
        }
    )


def forget_old(*, merchant_id: int, now: datetime) -> int:
    """Drop keys past their time; the business keys of the rows themselves stay for ever."""
    dropped, _ = IdempotencyKey.objects.filter(
        merchant_id=merchant_id, created_at__lt=now - KEPT_FOR
    ).delete()
    return dropped


def _kept(merchant_id: int, hashed: bytes) -> str:
    """A hash as it is stored: without the merchant's key nobody can try what a request said."""
    return octets(
        crypto.blind_index(merchant_id=merchant_id, value=hashed.hex(), purpose="idempotency")
    )


def _place(key: str) -> str:
    return f"kernel.idempotency:{key}"
