"""Where the first page, connections, facts, staff and tokens answer."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from santong.console.views import (
    attention,
    connection_commands,
    connection_settings,
    connections,
    notices,
    people,
    system_commands,
    systems,
    today,
    webhook_commands,
    webhooks,
)

urlpatterns = [
    path("", RedirectView.as_view(url="/console/"), name="root"),
    path("console/", today.today, name="today"),
    path("console/connections/", connections.connection_list, name="connections"),
    path("console/connections/open/", connection_settings.open_line, name="connection_open"),
    path(
        "console/connections/<connection_id>/settings/",
        connection_settings.change,
        name="connection_change",
    ),
    path(
        "console/connections/<connection_id>/send-now/",
        connection_commands.send_now,
        name="connection_send_now",
    ),
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
    path("console/messages/", webhooks.message_centre, name="messages"),
    path("console/messages/webhooks/", webhook_commands.create, name="webhook_create"),
    path("console/messages/mails/", webhook_commands.want_mails, name="alarm_mail"),
    path(
        "console/messages/mails/<entry_id>/end/",
        webhook_commands.want_no_mails,
        name="alarm_mail_end",
    ),
    path("console/messages/webhooks/<webhook_id>/", webhooks.webhook_detail, name="webhook"),
    *(
        path(
            f"console/messages/webhooks/<webhook_id>/{name}/",
            command,
            name=f"webhook_{name}",
        )
        for name, command in (
            ("change", webhook_commands.change),
            ("pause", webhook_commands.pause),
            ("resume", webhook_commands.resume),
            ("rotate", webhook_commands.rotate),
            ("test", webhook_commands.test),
            ("replay", webhook_commands.replay),
        )
    ),
    path("console/systems/", systems.system_list, name="systems"),
    path("console/systems/connect/", system_commands.connect, name="system_connect"),
    path("console/systems/<contract_id>/", systems.system_detail, name="system"),
    path("console/systems/<contract_id>/settings/", system_commands.change, name="system_change"),
    path("console/systems/<contract_id>/pause/", system_commands.pause, name="system_pause"),
    path("console/systems/<contract_id>/resume/", system_commands.resume, name="system_resume"),
    path(
        "console/systems/<contract_id>/send-now/", system_commands.send_now, name="system_send_now"
    ),
    path(
        "console/systems/<contract_id>/messages/<message_id>/again/",
        system_commands.take_again,
        name="system_take_again",
    ),
    path("console/notices/", notices.notice_list, name="notices"),
    path("console/notices/<notice_id>/<what>/", notices.settle, name="notice_settle"),
    path("console/facts/", attention.facts_page, name="facts"),
    path("console/facts/<fact_id>/<what>/", attention.settle_fact, name="fact_settle"),
    path("console/staff/", people.staff_list, name="staff"),
    path("console/tokens/", people.token_list, name="tokens"),
]
