"""Where presales answer."""

from __future__ import annotations

from django.urls import path

from santong.console.views import presale_join, presale_offers, presale_orders

urlpatterns = [
    path("console/presales/", presale_offers.offer_list, name="presale_offers"),
    path("console/presales/new/", presale_offers.form, name="presale_offer_new"),
    path("console/presales/new/again/", presale_offers.again, name="presale_offer_new_again"),
    path("console/presales/new/save/", presale_offers.save, name="presale_offer_new_save"),
    path("console/presales/orders/", presale_orders.presale_list, name="presales"),
    path("console/presales/orders/<presale_id>/", presale_orders.presale_detail, name="presale"),
    path(
        "console/presales/orders/<presale_id>/cancel/",
        presale_orders.cancel,
        name="presale_cancel",
    ),
    path("console/presales/orders/<presale_id>/fail/", presale_orders.fail, name="presale_fail"),
    path(
        "console/presales/orders/<presale_id>/compensate/",
        presale_orders.compensate,
        name="presale_compensate",
    ),
    path(
        "console/presales/orders/<presale_id>/link/",
        presale_orders.renew_link,
        name="presale_link",
    ),
    path("console/presales/<presale_offer_id>/", presale_offers.offer_detail, name="presale_offer"),
    path(
        "console/presales/<presale_offer_id>/edit/", presale_offers.form, name="presale_offer_edit"
    ),
    path(
        "console/presales/<presale_offer_id>/edit/again/",
        presale_offers.again,
        name="presale_offer_edit_again",
    ),
    path(
        "console/presales/<presale_offer_id>/edit/save/",
        presale_offers.save,
        name="presale_offer_edit_save",
    ),
    path("console/presales/<presale_offer_id>/join/", presale_join.join, name="presale_offer_join"),
    path(
        "console/presales/<presale_offer_id>/publish/",
        presale_offers.publish,
        name="presale_offer_publish",
    ),
    path("console/presales/<presale_offer_id>/end/", presale_offers.end, name="presale_offer_end"),
]
