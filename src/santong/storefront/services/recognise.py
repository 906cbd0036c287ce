"""Who asks for a page under `/m/`."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from django.http import HttpRequest

from santong.kernel import cells
from santong.kernel.tenancy import Actor
from santong.storefront.rules.sessions import is_key
from santong.storefront.selectors.sessions import session_of

COOKIE = "santong_member"
_PAGE = re.compile(r"/m/(?P<merchant>[a-z][a-z0-9-]{1,39})/(?P<page>.*)", re.DOTALL)
# They count tries, which no transaction may take back, and open their own scopes.
ASKED_AS_NOBODY = ("log-in/", "join/", "data/erase/")


class MemberCredentials:
    """Recognises a member by the session cookie of the merchant whose address is asked."""

    def merchant_of(self, request: HttpRequest) -> int | None:
        """The merchant of the address, where a cookie comes along; reads no row of a cell."""
        page = _PAGE.fullmatch(request.path)
        if page is None or page["page"].startswith(ASKED_AS_NOBODY):
            return None
        if not is_key(request.COOKIES.get(COOKIE, "")):
            return None
        return merchant_id_of(code=page["merchant"])

    def actor_of(self, request: HttpRequest, merchant_id: int) -> Actor | None:
        """The member whose session it is, if it is open here. Runs in the merchant's scope."""
        session = session_of(
            merchant_id=merchant_id,
            cookie=request.COOKIES.get(COOKIE, ""),
            now=datetime.now(UTC),
        )
        request.member_session = session  # type: ignore[attr-defined]
        return None if session is None else actor_of_member(member_id=session.member_id)


def actor_of_member(*, member_id: int) -> Actor:
    """A member as one who acts: by number, without a name, with no permission of staff."""
    return Actor(kind="buyer", id=str(member_id), name="")


def merchant_id_of(*, code: str) -> int | None:
    """The merchant of a code, if there is one."""
    try:
        return cells.merchant_by_code(code).merchant_id
    except cells.UnknownMerchant:
        return None
