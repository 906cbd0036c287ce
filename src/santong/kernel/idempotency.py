"""Same command, same answer: what makes a repeated POST safe."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from santong.kernel import crypto
from santong.kernel.errors import AnswerNotKept, FieldInvalid, KeyReused
from santong.kernel.models import IdempotencyKey

# Tills may be offline for a week and come back late; documented in docs/howto.
KEPT_FOR = timedelta(days=35)
LONGEST_KEY = 200

_CLAIM = """
INSERT INTO kernel_idempotencykey
    (merchant_id, key, request_hash, status, body, content_type, created_at)
VALUES (%s, %s, %s, 0, ''::bytea, '', %s)
ON CONFLICT (merchant_id, key) DO NOTHING
RETURNING id
"""
_REMEMBER = """
UPDATE kernel_idempotencykey SET status = %s, body = %s, content_type = %s
WHERE merchant_id = %s AND id = %s
"""


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


def claim(*, merchant_id: int, key: str, hashed: bytes, now: datetime) -> int | Answer:
    """Take the key for this transaction, or give back the first answer.

    A second request with the same key waits until the first has ended. If the first was refused
    or failed, its transaction took the key away with it: it had no effect, so the second runs.

    Raises KeyReused, AnswerNotKept, FieldInvalid.
    """
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise FieldInvalid(
            pointer="/headers/Idempotency-Key",
            reason=f"1 to {LONGEST_KEY} printable characters",
        )
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [merchant_id, key, hashed, now])
        claimed = cursor.fetchone()
    if claimed:
        return int(claimed[0])
    first = IdempotencyKey.objects.get(merchant_id=merchant_id, key=key)
    if bytes(first.request_hash) != hashed:
        raise KeyReused(key=key)
    if not first.body:
        raise AnswerNotKept(key=key)
    body = crypto.decrypt(merchant_id=merchant_id, sealed=bytes(first.body), place=_place(key))
    return Answer(first.status, body, first.content_type)


def remember(*, merchant_id: int, key_id: int, key: str, answer: Answer | None) -> None:
    """Keep the first answer, sealed, in the transaction of the work itself.

    An answer of None was shown once, for it holds a secret: the command is remembered without it.
    """
    if answer is None:
        return
    sealed = crypto.encrypt(merchant_id=merchant_id, plain=answer.body, place=_place(key))
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER, [answer.status, sealed, answer.content_type, merchant_id, key_id])


def forget_old(*, merchant_id: int, now: datetime) -> int:
    """Drop keys past their time; the business keys of the rows themselves stay for ever."""
    dropped, _ = IdempotencyKey.objects.filter(
        merchant_id=merchant_id, created_at__lt=now - KEPT_FOR
    ).delete()
    return dropped


def _place(key: str) -> str:
    return f"kernel.idempotency:{key}"
