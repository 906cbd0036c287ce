"""Which program is calling: read with every call of the API, so remembered for five seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from santong.kernel.remembered import Remembered
from santong.kernel.tenancy import Actor
from santong.merchants.models import ApiToken
from santong.merchants.rules.access import limited_to
from santong.merchants.rules.keys import Key
from santong.merchants.selectors.access import access_of_staff

# A revoked token, a disabled owner or a role taken away is seen by every process after this many
# seconds at the latest; by the process that made the change, with the next call.
TOKEN_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class GoodToken:
    """A token that may be used, until it expires."""

    token_id: int
    actor: Actor
    expires_at: datetime | None


class NoGoodToken(LookupError):
    """No token that may be used has this secret."""


_tokens: Remembered[tuple[int, bytes], GoodToken] = Remembered(seconds=TOKEN_SECONDS)


def good_token(*, key: Key, now: datetime) -> GoodToken:
    """The token with a secret, as it was at most five seconds ago. Raises NoGoodToken."""
    found = _tokens.get((key.merchant_id, key.hashed), lambda: _read(key, now))
    if found.expires_at is not None and found.expires_at <= now:
        raise NoGoodToken
    return found


def forget_tokens() -> None:
    """Read tokens again: what one of them may do has changed in this transaction."""
    _tokens.forget()


def _read(key: Key, now: datetime) -> GoodToken:
    """Found by the hash of 256 random bits: how long the look-up takes tells nothing of use."""
    token: ApiToken | None = (
        ApiToken.objects.of_merchant(key.merchant_id)
        .filter(secret_hash=key.hashed, revoked_at=None, created_by__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .first()
    )
    if token is None:
        raise NoGoodToken
    own = access_of_staff(merchant_id=key.merchant_id, staff_id=token.created_by_id)
    access = limited_to(own, token.permissions)
    actor = Actor(
        kind="token",
        id=str(token.id),
        name=token.name,
        permissions=access.permissions,
        location_ids=access.places,
        location_ids_by_permission=access.places_by_permission,
    )
    return GoodToken(token.id, actor, token.expires_at)


def owner_of(*, merchant_id: int, actor: Actor) -> int:
    """Whose permissions an actor has: their own, or those of the person a token belongs to."""
    if actor.kind == "token":
        token = ApiToken.objects.of_merchant(merchant_id).get(id=int(actor.id))
        owner: int = token.created_by_id
        return owner
    assert actor.kind == "staff"
    return int(actor.id)
