from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import contracts
from santong.merchants.models import ApiToken
from santong.merchants.selectors.tokens import forget_tokens


@all_or_nothing
def revoke_token(
    *, merchant_id: int, token_id: int, reason: str, now: datetime
) -> contracts.ApiToken:
    """Make a token worthless within five seconds; revoking it again changes nothing.

    Raises NoSuch. Locks the token.
    """
    token: ApiToken | None = (
        ApiToken.objects.of_merchant(merchant_id).filter(id=token_id).lock().first()
    )
    if token is None:
        raise NoSuch(kind="token", key=str(token_id))
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        forget_tokens()
        audit.record(
            audit.Change(
                action="merchants.revoke_token",
                subject="token",
                subject_id=token.id,
                reason=reason,
                after={"name": token.name},
            ),
            now=now,
        )
    return token.as_contract()
