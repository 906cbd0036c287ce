"""Where signed calls answer: they meet no page and no token."""

from __future__ import annotations

from santong.gateway import urls as gateway
from santong.payments import urls as payments
from santong.qimen import urls as qimen
from santong.topgateway import urls as topgateway

handler404 = gateway.handler404

urlpatterns = [
    *payments.urlpatterns,
    *gateway.urlpatterns,
    *qimen.urlpatterns,
    *topgateway.urlpatterns,
]
