"""The built-in group chat: a loop back into the house, without tables of its own."""

from collections.abc import Sequence

from loop28.front.groups.actions import receive
from loop28.front.groups.chat import Incoming, Outbound
from loop28.kernel.access import SYSTEM

PLATFORM = "house"


class HouseChat:
    """Sends by receiving: what goes out comes in at once, under the same key."""

    def send(self, messages: Sequence[Outbound]) -> None:
        receive(
            SYSTEM,
            [
                Incoming(
                    platform=PLATFORM,
                    external_id=message.key,
                    group=message.group,
                    member=None,
                    text=message.text,
                    at=message.planned_at,
                    as_host=message.as_host,
                    kind=message.kind,
                    ref=message.ref,
                )
                for message in messages
            ],
        )
