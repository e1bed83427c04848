"""What happens at a time: the beats of a playbook."""

from typing import Annotated, Literal

from pydantic import Field

from loop28.front.playbooks.fields import Duration, Fen, Key, LocalTime, Name, Text
from loop28.front.playbooks.schema.part import Part


class BeatBase(Part):
    key: Key = Field(description="Its name in the calendar, one for each beat.")
    day: int = Field(ge=1, le=100, description="Day of the line; the start day is 1.")
    at: LocalTime = Field(description="Local time of the region, always in quotes.")
    by: Literal["auto", "host"] = Field(
        "auto", description="auto: sent by itself; host: a card the host sends by hand."
    )
    late: Literal["always", "skip"] | Duration = Field(
        "always",
        description="When downtime made it late: do it all the same, skip it and say so, "
        "or do it within this long.",
    )


class Post(BeatBase):
    """A message to the group."""

    kind: Literal["post"]
    text: Text = Field(description="The message, as it is sent.")


class Guest(Part):
    """Who speaks."""

    name: Name = Field(description="The guest's name.")
    title: Name = Field(description="What makes the guest worth hearing.")


class Reply(Part):
    """A reply the host has ready."""

    answer: Text = Field(description="A likely answer from the group.")
    reply: Text = Field(description="What the host says to it.")


class Talk(BeatBase):
    """A guest speaks in several messages, then asks the group a question."""

    kind: Literal["talk"]
    topic: Name = Field(description="What the talk is about.")
    guest: Guest = Field(description="Who speaks.")
    material: str = Field("", max_length=300, description="Courseware or link shown with the talk.")
    every: Duration = Field(description="Pause between two messages.")
    messages: list[Annotated[str, Field(min_length=60, max_length=200)]] = Field(
        min_length=6, max_length=40, description="The talk, a message each."
    )
    question: Text = Field(description="Asked to the group after the last message.")
    replies: list[Reply] = Field(
        min_length=3, max_length=12, description="Ready replies to the likeliest answers."
    )


class Packet(BeatBase):
    """A red packet: a fixed sum in shares, one for each member who opens it."""

    kind: Literal["packet"]
    title: Name = Field(description="What stands on the packet.")
    total: Fen = Field(description="Published fixed total in yuan, as text.")
    shares: int = Field(ge=1, le=500, description="How many members can open it.")
    split: Literal["random", "equal"] = Field(
        "random", description="random: shares of different size with the same mean; equal: alike."
    )
    expires: Duration = Field(description="What is unclaimed then goes back to the budget.")


class Call(BeatBase):
    """The screening: whoever answers 1 in time enters the next phase."""

    kind: Literal["call"]
    text: Text = Field(description="The call, as it is sent and pinned.")
    window: Duration = Field(description="How long an opt-in counts, its last instant included.")
    opens: Key = Field(description="The phase whose group those who opt in enter.")


class OpenTasks(BeatBase):
    """Opens tasks for everybody who has opted in."""

    kind: Literal["tasks"]
    tasks: list[Key] = Field(min_length=1, max_length=40, description="The keys of the tasks.")
    text: str = Field("", max_length=1000, description="Said in the group when the tasks open.")


class Close(BeatBase):
    """The end of a phase, on its last day, after everything else."""

    kind: Literal["close"]
    phase: Key = Field(description="The phase that ends; closing the last one is graduation.")
    text: str = Field("", max_length=1000, description="Said in the group when the phase ends.")


Beat = Annotated[Post | Talk | Packet | Call | OpenTasks | Close, Field(discriminator="kind")]
