"""Pages about the money of a whole merchant: for whoever works at no single place."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from santong.console.views.frame import View, page
from santong.kernel.errors import PermissionMissing
from santong.kernel.http.auth import MerchantRequest


def whole_page(permission: str, *, method: str = "GET") -> Callable[[View], View]:
    """A page for those who have a permission everywhere; at one place alone it opens nothing.

    To whom money belongs is known where its document is: who works at a store looks at the
    store's orders.
    """

    def guard(view: View) -> View:
        @page(permission, method=method)
        @functools.wraps(view)
        def guarded(request: MerchantRequest, **values: Any) -> HttpResponse:
            if request.actor.location_ids is not None:
                raise PermissionMissing(permission=permission)
            return view(request, **values)

        return guarded

    return guard
