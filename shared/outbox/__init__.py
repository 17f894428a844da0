"""What others must learn: events written with their cause, numbered 1, 2, 3, … after the commit."""

from shared.outbox.events import Event, add, add_many
from shared.outbox.feed import Pending, head, pending, read, stamp
from shared.outbox.follow import FeedBroken, Follower
from shared.outbox.stamper import Stamper
from shared.outbox.waiter import Waiter

__all__ = [
    "Event",
    "FeedBroken",
    "Follower",
    "Pending",
    "Stamper",
    "Waiter",
    "add",
    "add_many",
    "head",
    "pending",
    "read",
    "stamp",
]
