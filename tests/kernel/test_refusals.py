"""An expected "no" has a code, a status and words with its details in them."""

from django.utils.translation import override

from loop28.kernel.access import NotAllowed
from loop28.kernel.refusals import Refusal
from loop28.kernel.text import TextTooLong


def test_its_code_is_its_name():
    assert (NotAllowed.code, TextTooLong.code, Refusal.code) == (
        "not-allowed",
        "text-too-long",
        "refusal",
    )


def test_its_words_hold_the_details_and_a_percent_sign_does_no_harm():
    class Full(Refusal):
        message = "%(taken)s of %(seats)s, 100%% full"

    assert str(Full(taken=5, seats=5)) == "5 of 5, 100% full"
    assert Full(field="seat").field == "seat"


def test_it_speaks_the_readers_language():
    no = TextTooLong(limit=5, length=9)
    with override("en"):
        assert str(no) == "Too long: at most 5 characters, this has 9."
