from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.errors import AppStateForbids
from santong.openplatform.models import Authorisation, AuthorisationCode
from santong.openplatform.rules import lifetimes
from santong.openplatform.rules.keys import SECRET_BYTES, hash_of, written


@all_or_nothing
def issue_code(
    *, merchant_id: int, app_key: str, staff_id: int, asked: contracts.AskedFor, now: datetime
) -> str:
    """Give a browser a code that it carries to the app: good once, for a minute.

    Raises AppStateForbids where the merchant does not let the app in. Locks the authorisation.
    """
    of_app = Authorisation.objects.of_merchant(merchant_id).filter(app_key=app_key, revoked_at=None)
    given: Authorisation | None = of_app.lock().first()
    if given is None:
        raise AppStateForbids(app_key=app_key, state="not_authorised")
    secret = secrets.token_hex(SECRET_BYTES)
    code = written(kind="code", merchant_id=merchant_id, app_key=app_key, secret=secret)
    AuthorisationCode.objects.create(
        merchant_id=merchant_id,
        authorisation_id=given.id,
        staff_id=staff_id,
        code_hash=hash_of(code),
        redirect_uri=asked.redirect_uri,
        scopes=_sorted(asked.scopes),
        challenge=asked.challenge,
        challenge_method="S256" if asked.challenge else "",
        nonce=asked.nonce,
        issued_at=now,
        expires_at=now + lifetimes.CODE,
    )
    return code


def _sorted(scopes: Iterable[str]) -> list[str]:
    return sorted(set(scopes))
