"""What a session key opens: asked with every call, so remembered, for seconds."""

from __future__ import annotations

from typing import Final

from santong.kernel.remembered import Remembered
from santong.merchants import public as merchants
from santong.openplatform import contracts
from santong.openplatform.models import AccessToken, Authorisation
from santong.openplatform.rules.keys import ReadKey
from santong.openplatform.rules.packs import lesser, packs_of_session, permissions_of

# A session that was ended, or an authorisation that was revoked, is so much longer good in other
# processes; in the one that ended it, it is not.
REMEMBERED_SECONDS: Final = 5.0


class NoSession(LookupError):
    """Nothing is remembered of keys that open nothing: anybody can invent some."""


# What the app may use is part of the key: what was taken from it is not remembered as given.
SessionKey = tuple[int, bytes, frozenset[str], contracts.PersonalData]
known_sessions = Remembered[SessionKey, contracts.Session](seconds=REMEMBERED_SECONDS)


def forget_sessions() -> None:
    """Read sessions again: one has ended in this transaction."""
    known_sessions.forget()


def session_by_key(*, app: contracts.App, key: ReadKey) -> contracts.Session:
    """What a key opens for an app, in the open scope of its seller. Raises NoSession.

    Found by the hash of 192 random bits: how long the look-up takes tells nothing of use.
    """
    token: AccessToken | None = (
        AccessToken.objects.of_merchant(key.merchant_id)
        .filter(
            key_hash=key.hashed,
            session__ended_at=None,
            session__authorisation__revoked_at=None,
            session__authorisation__app_key=app.app_key,
        )
        .select_related("session__authorisation")
        .first()
    )
    if token is None:
        raise NoSession
    given = token.session.authorisation
    scopes = frozenset[str](token.session.scopes)
    packs = packs_of_session(app_packs=app.packs, given_packs=given.packs, scopes=scopes)
    told = lesser(app.personal_data, given.told_personal_data())
    wanted = permissions_of(packs=packs, personal_data=told)
    return contracts.Session(
        id=token.session_id,
        merchant_id=key.merchant_id,
        app_key=app.app_key,
        app_name=app.name,
        user_id=key.merchant_id,
        user_nick=merchants.merchant(merchant_id=key.merchant_id).name,
        staff_id=token.session.staff_id,
        packs=packs,
        scopes=scopes,
        permissions=wanted & frozenset[str](given.permissions),
        sees_personal_data=told,
        location_ids=places_of(given),
        expires_at=min(token.expires_at, token.session.ends_at),
    )


def places_of(given: Authorisation) -> frozenset[int] | None:
    """The places that an app may work at, with those that its brands have now."""
    if given.location_ids is None and given.brand_ids is None:
        return None
    named = frozenset[int](given.location_ids or ())
    of_brands = merchants.places_of_brands(
        merchant_id=given.merchant_id, brand_ids=given.brand_ids or ()
    )
    return named | of_brands
