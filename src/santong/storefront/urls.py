"""Where members' pages answer."""

from __future__ import annotations

from django.urls import path

from santong.storefront.views import (
    card,
    consents,
    faces,
    joining,
    log_in,
    my_data,
    points,
    purchases,
    stored,
    use,
    wallet,
)

app_name = "storefront"

urlpatterns = [
    path("<merchant_code>/", card.home, name="home"),
    path("<merchant_code>/log-in/", log_in.phone_page, name="log_in"),
    path("<merchant_code>/log-in/code/", log_in.code_page, name="code"),
    path("<merchant_code>/log-in/again/", log_in.send_again, name="send_again"),
    path("<merchant_code>/log-out/", card.log_out, name="log_out"),
    path("<merchant_code>/join/", joining.scan_page, name="join"),
    path("<merchant_code>/join/agree/", joining.agree_page, name="agree"),
    path("<merchant_code>/terms/", joining.terms_page, name="terms"),
    path("<merchant_code>/faces.css", faces.faces, name="faces"),
    path("<merchant_code>/card/", card.card_page, name="card"),
    path("<merchant_code>/points/", points.points_page, name="points"),
    path("<merchant_code>/wallet/", wallet.wallet_page, name="wallet"),
    path("<merchant_code>/wallet/<coupon_id>/", use.coupon_page, name="coupon"),
    path("<merchant_code>/wallet/<coupon_id>/use/", use.use_coupon, name="coupon_use"),
    path("<merchant_code>/stored/", stored.stored_page, name="stored"),
    path("<merchant_code>/stored/register/", stored.stored_register, name="stored_register"),
    path("<merchant_code>/stored/<card_id>/", stored.stored_card, name="stored_card"),
    path("<merchant_code>/stored/<card_id>/pay/", stored.stored_pay, name="stored_pay"),
    path("<merchant_code>/stored/<card_id>/give/", stored.stored_give, name="stored_give"),
    path("<merchant_code>/stored/<card_id>/keep/", stored.stored_keep, name="stored_keep"),
    path("<merchant_code>/stored/<card_id>/secret/", stored.stored_secret, name="stored_secret"),
    path("<merchant_code>/gift/", stored.gift_page, name="gift"),
    path("<merchant_code>/claim/<batch_code>/", wallet.claim_page, name="claim"),
    path("<merchant_code>/mine/", card.mine_page, name="mine"),
    path("<merchant_code>/orders/", purchases.orders_page, name="orders"),
    path("<merchant_code>/orders/<order_id>/after-sale/", purchases.after_sale, name="after_sale"),
    path("<merchant_code>/consents/", consents.consents_page, name="consents"),
    path("<merchant_code>/data/", my_data.data_page, name="data"),
    path("<merchant_code>/data/export/", my_data.export, name="export"),
    path("<merchant_code>/data/erase/", my_data.erase_page, name="erase"),
    path("<merchant_code>/data/erase/code/", my_data.erase_code_page, name="erase_code"),
]
