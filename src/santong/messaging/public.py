"""The door of messaging: topics, webhooks, and the message channel of TOP clients.

`consume` and `confirm` are an app's, over all its sellers, and are called outside any scope; the
others run inside the seller's.
"""

from __future__ import annotations

from santong.messaging.contracts import (
    ENDPOINT_STATES,
    OUTCOMES,
    ChannelMessage,
    Delivery,
    Endpoint,
    EndpointChange,
    EndpointState,
    MailEntry,
    Message,
    NewEndpoint,
    Permit,
    Secret,
    TopTopicDescription,
    Waiting,
)
from santong.messaging.errors import TooManyWebhooks, TwoSecretsAlready
from santong.messaging.rules.describing import described_top_topics, example_value
from santong.messaging.rules.outward import outward_schema
from santong.messaging.rules.top_topics import TOP_NAMES
from santong.messaging.rules.topics import NAMES, TOPICS, Topic
from santong.messaging.selectors.channel import permit_of, permits, waiting_by_app
from santong.messaging.selectors.invariants import check_invariants
from santong.messaging.selectors.mails import mail_entries
from santong.messaging.selectors.webhooks import (
    deliveries,
    messages_after,
    waiting_messages,
    webhook_by_id,
    webhooks,
)
from santong.messaging.services.create_webhook import create_webhook
from santong.messaging.services.pause_webhook import pause_webhook, resume_webhook
from santong.messaging.services.permit import cancel_permit, permit
from santong.messaging.services.produce import produce
from santong.messaging.services.replay import replay_from, replay_one, send_test
from santong.messaging.services.rotate_secret import rotate_secret
from santong.messaging.services.update_webhook import update_webhook
from santong.messaging.services.want_mails import want_mails, want_no_mails
from santong.messaging.streams.queue import confirm, consume

__all__ = [
    "ENDPOINT_STATES",
    "NAMES",
    "OUTCOMES",
    "TOPICS",
    "TOP_NAMES",
    "ChannelMessage",
    "Delivery",
    "Endpoint",
    "EndpointChange",
    "EndpointState",
    "MailEntry",
    "Message",
    "NewEndpoint",
    "Permit",
    "Secret",
    "TooManyWebhooks",
    "TopTopicDescription",
    "Topic",
    "TwoSecretsAlready",
    "Waiting",
    "cancel_permit",
    "check_invariants",
    "confirm",
    "consume",
    "create_webhook",
    "deliveries",
    "described_top_topics",
    "example_value",
    "mail_entries",
    "messages_after",
    "outward_schema",
    "pause_webhook",
    "permit",
    "permit_of",
    "permits",
    "produce",
    "replay_from",
    "replay_one",
    "resume_webhook",
    "rotate_secret",
    "send_test",
    "update_webhook",
    "waiting_by_app",
    "waiting_messages",
    "want_mails",
    "want_no_mails",
    "webhook_by_id",
    "webhooks",
]
