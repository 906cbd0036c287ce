"""Where agreements answer."""

from __future__ import annotations

from django.urls import URLPattern, path

from santong.console.views import agreement_offers, agreements

_AGREEMENTS = "console/agreements/"
_ONE = f"{_AGREEMENTS}<agreement_id>/"
_BREACH = f"{_ONE}breaches/<breach_id>/"

urlpatterns: list[URLPattern] = [
    path(_AGREEMENTS, agreements.agreement_list, name="agreements"),
    path(f"{_AGREEMENTS}offer/", agreement_offers.offer_form, name="agreement_offer"),
    path(f"{_AGREEMENTS}offer/send", agreement_offers.send_offer, name="agreement_send_offer"),
    path(f"{_AGREEMENTS}templates/", agreement_offers.template_list, name="agreement_templates"),
    path(
        f"{_AGREEMENTS}templates/settings",
        agreement_offers.save_settings,
        name="agreement_save_settings",
    ),
    path(
        f"{_AGREEMENTS}templates/<code>/",
        agreement_offers.template_detail,
        name="agreement_template",
    ),
    path(
        f"{_AGREEMENTS}templates/<code>/publish",
        agreement_offers.publish_template,
        name="agreement_publish_template",
    ),
    path(_ONE, agreements.agreement_detail, name="agreement"),
    path(f"{_ONE}agreement.pdf", agreements.paper, name="agreement_paper"),
    path(f"{_ONE}files/<evidence_id>", agreements.file, name="agreement_file"),
    path(f"{_ONE}link", agreements.renew_link, name="agreement_link"),
    path(f"{_ONE}cancel", agreements.cancel, name="agreement_cancel"),
    path(f"{_ONE}done", agreements.done, name="agreement_done"),
    path(f"{_ONE}files", agreements.add_files, name="agreement_add_files"),
    path(f"{_ONE}claims", agreements.claim, name="agreement_claim"),
    path(f"{_BREACH}grant", agreements.grant, name="breach_grant"),
    path(f"{_BREACH}reject", agreements.reject, name="breach_reject"),
    path(f"{_BREACH}retry", agreements.try_again, name="breach_retry"),
    path(f"{_BREACH}remedy", agreements.made_good, name="breach_remedy"),
]
