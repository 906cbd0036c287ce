"""Where orders, stock and places answer."""

from __future__ import annotations

from django.urls import path

from santong.console.views import (
    attention,
    order_commands,
    orders,
    places,
    stock,
    stock_commands,
    store,
)

urlpatterns = [
    path("console/orders/", orders.order_list, name="orders"),
    path("console/orders/<order_id>/", orders.order_detail, name="order"),
    path("console/orders/<order_id>/cancel/", order_commands.cancel, name="order_cancel"),
    path("console/orders/<order_id>/fill-rest/", order_commands.fill_rest, name="order_fill_rest"),
    path("console/orders/<order_id>/pay/", order_commands.pay, name="order_pay"),
    path("console/orders/<order_id>/reveal/", order_commands.reveal, name="order_reveal"),
    path(
        "console/orders/<order_id>/work/<work_id>/reassign/",
        order_commands.reassign,
        name="order_reassign",
    ),
    path("console/stock/", stock.sku_list, name="stock"),
    path("console/stock/short/", stock.shortfalls, name="shortfalls"),
    path("console/stock/skus/<sku_id>/", stock.by_sku, name="stock_by_sku"),
    path("console/stock/places/<location_id>/", stock.by_place, name="stock_by_place"),
    path("console/stock/places/<location_id>/<sku_id>/", stock.level, name="level"),
    path(
        "console/stock/places/<location_id>/<sku_id>/adjust/",
        stock_commands.adjust,
        name="level_adjust",
    ),
    path(
        "console/stock/places/<location_id>/<sku_id>/count/",
        stock_commands.count,
        name="level_count",
    ),
    path("console/places/", places.place_list, name="places"),
    path("console/places/points.json", places.points, name="place_points"),
    path("console/places/<location_id>/", places.place_detail, name="place"),
    path("console/store/", store.choose, name="store"),
    path("console/store/<location_id>/", store.queue, name="store_queue"),
    path("console/store/<location_id>/<work_id>/<step>/", store.take_step, name="store_step"),
    path("console/exceptions/", attention.exceptions, name="exceptions"),
    path("console/exceptions/<case_id>/resolve/", attention.resolve, name="exception_resolve"),
]
