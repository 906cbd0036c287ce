"""The tables of messaging."""

from santong.messaging.models.channel import Permit, Queued
from santong.messaging.models.endpoints import Endpoint, EndpointSecret, Place, sealing_place
from santong.messaging.models.mails import Mail, MailAddress
from santong.messaging.models.messages import Log, Message, Subscription
from santong.messaging.models.tries import Parked, Try

__all__ = [
    "Endpoint",
    "EndpointSecret",
    "Log",
    "Mail",
    "MailAddress",
    "Message",
    "Parked",
    "Permit",
    "Place",
    "Queued",
    "Subscription",
    "Try",
    "sealing_place",
]
