"""Who is asking: members under `/m/`, holders of links nobody, staff and programs elsewhere."""

from __future__ import annotations

from django.http import HttpRequest

from santong.kernel.tenancy import Actor
from santong.merchants import public as merchants
from santong.storefront import public as storefront

MEMBERS_PAGES = "/m/"
# Whoever pays or has a receipt shows the link that they were given, and is nobody: also where they
# are logged in.
LINKED_PAGES = ("/pay/", "/i/")


class Credentials:
    """Asks the context whose pages or endpoints the request is for.

    Somebody may be logged in as staff and as a member in one browser: each counts in its own place.
    """

    def __init__(self) -> None:
        self._staff = merchants.Credentials()
        self._members = storefront.MemberCredentials()

    def merchant_of(self, request: HttpRequest) -> int | None:
        """Which merchant the credential says it belongs to; reads no row of a cell."""
        if request.path.startswith(LINKED_PAGES):
            return None
        return self._of(request).merchant_of(request)

    def actor_of(self, request: HttpRequest, merchant_id: int) -> Actor | None:
        """Whose credential it is, if it is good. Runs in the merchant's scope."""
        return self._of(request).actor_of(request, merchant_id)

    def _of(self, request: HttpRequest) -> merchants.Credentials | storefront.MemberCredentials:
        return self._members if request.path.startswith(MEMBERS_PAGES) else self._staff
