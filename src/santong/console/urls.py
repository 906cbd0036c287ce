"""Where the console answers."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from santong.console.views import (
    attention,
    connection_commands,
    connections,
    member,
    member_commands,
    member_parts,
    members,
    order_commands,
    orders,
    people,
    places,
    stock,
    stock_commands,
    store,
    today,
)

urlpatterns = [
    path("", RedirectView.as_view(url="/console/"), name="root"),
    path("console/", today.today, name="today"),
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
    path("console/members/", members.member_list, name="members"),
    path("console/members/search/", members.member_search, name="member_search"),
    path("console/members/<member_id>/", member.overview, name="member"),
    path("console/members/<member_id>/orders/", member_parts.order_list, name="member_orders"),
    path("console/members/<member_id>/identity/", member_parts.identity, name="member_identity"),
    path("console/members/<member_id>/timeline/", member_parts.timeline, name="member_timeline"),
    path("console/members/<member_id>/reveal/", member_commands.reveal, name="member_reveal"),
    path("console/members/<member_id>/close/", member_commands.close, name="member_close"),
    path("console/members/<member_id>/reopen/", member_commands.reopen, name="member_reopen"),
    path(
        "console/members/<member_id>/accounts/<binding_id>/unbind/",
        member_commands.unbind,
        name="member_unbind",
    ),
    path(
        "console/members/<member_id>/merges/<merge_id>/undo/",
        member_commands.undo_merge,
        name="member_undo_merge",
    ),
    path("console/connections/", connections.connection_list, name="connections"),
    path(
        "console/connections/<connection_id>/",
        connections.connection_detail,
        name="connection",
    ),
    path(
        "console/connections/<connection_id>/pause/",
        connection_commands.pause,
        name="connection_pause",
    ),
    path(
        "console/connections/<connection_id>/resume/",
        connection_commands.resume,
        name="connection_resume",
    ),
    path(
        "console/connections/<connection_id>/rotate/",
        connection_commands.rotate,
        name="connection_rotate",
    ),
    path("console/facts/", attention.facts_page, name="facts"),
    path("console/facts/<fact_id>/<what>/", attention.settle_fact, name="fact_settle"),
    path("console/staff/", people.staff_list, name="staff"),
    path("console/tokens/", people.token_list, name="tokens"),
]
