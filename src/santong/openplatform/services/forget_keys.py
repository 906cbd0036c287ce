from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from santong.kernel.tenancy import all_or_nothing
from santong.openplatform.models import AccessToken, AppSession, AuthorisationCode, RefreshToken
from santong.openplatform.rules.lifetimes import KEPT_AFTER_END


@all_or_nothing
def forget_keys(*, merchant_id: int, now: datetime) -> int:
    """Drop what opens nothing any more, a month after it ended; how many sessions went.

    Until then a copy that comes again is known for one.
    """
    before = now - KEPT_AFTER_END
    over = Q(ends_at__lt=before) | Q(ended_at__lt=before)
    sessions = AppSession.objects.of_merchant(merchant_id).filter(over)
    gone = list(sessions.order_by("id").values_list("id", flat=True))
    codes = AuthorisationCode.objects.of_merchant(merchant_id)
    codes.filter(Q(session_id__in=gone) | Q(expires_at__lt=before, session=None)).delete()
    for kept in (AccessToken.objects, RefreshToken.objects):
        kept.filter(merchant_id=merchant_id, session_id__in=gone).delete()
    AccessToken.objects.of_merchant(merchant_id).filter(expires_at__lt=before).delete()
    AppSession.objects.of_merchant(merchant_id).filter(id__in=gone).delete()
    return len(gone)
