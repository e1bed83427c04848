"""Which touch is a person's, when a fan is free, what a crowd is."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.front.referrals import rules
from loop28.front.referrals.rules import CROWD, LOCK, Term

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN"
)
START = datetime(2026, 3, 2, tzinfo=UTC)
moments = st.integers(0, 200 * 24).map(lambda hours: START + timedelta(hours=hours))


def test_a_phone_is_a_person():
    assert rules.by_a_person({"user-agent": PHONE})


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-purpose": "prefetch"},
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"purpose": "preview"},
        {"x-moz": "prefetch"},
        {"x-purpose": "preview"},
    ],
    ids=str,
)
def test_what_a_browser_fetches_ahead_is_nobody(headers):
    assert not rules.by_a_person({"user-agent": PHONE} | headers)


@pytest.mark.parametrize(
    "agent",
    [
        *("", "   ", "curl/8.5.0", "Wget/1.21", "python-requests/2.31", "okhttp/4.12"),
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "WhatsApp/2.23.20.0 A",
        "TelegramBot (like TwitterBot)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/120.0.0.0 Safari/537.36",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; bingbot/2.0) Chrome/116.0",
    ],
)
def test_previews_crawlers_and_programs_are_nobody(agent):
    assert not rules.by_a_person({"user-agent": agent})


def test_a_phone_whose_maker_sounds_like_a_program_is_a_person():
    agent = "Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/120.0 Mobile"
    assert rules.by_a_person({"user-agent": agent})


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_a_network_is_coarse_and_every_neighbour_has_the_same(address):
    found = ip_network(rules.network(str(address)))
    assert found.num_addresses >= 256
    assert rules.network(str(found[0])) == rules.network(str(found[-1])) == str(found)


def test_an_address_that_is_none_has_no_network_and_a_mapped_one_that_of_its_own():
    assert [rules.network(said) for said in ("", "unknown", "1.2.3.4:80")] == ["", "", ""]
    assert rules.network("::ffff:203.0.113.9") == rules.network("203.0.113.200")
    assert rules.network(str(ip_address("2001:db8::1"))) == "2001:db8::/48"


@given(st.lists(moments, min_size=1, max_size=30).map(sorted))
def test_however_touches_come_a_fan_has_one_living_lock_and_is_never_without_one_after_a_touch(
    touches,
):
    terms: list[Term] = []
    for moment in touches:
        term = rules.next_term(terms[-1] if terms else None, moment)
        if term:
            terms.append(term)
        assert [t for t in terms if t.since <= moment < t.until] == [terms[-1]]
    assert [t.number for t in terms] == list(range(1, len(terms) + 1))
    assert all(t.until - t.since == LOCK for t in terms)


def test_a_lock_lives_up_to_not_at_its_end():
    now = START
    last = Term(1, now - LOCK, now)
    assert rules.next_term(last, now - timedelta(microseconds=1)) is None
    assert rules.next_term(last, now) == Term(2, now, now + LOCK)


def test_a_lock_that_went_from_hand_to_hand_began_with_the_first():
    one, other, third = (START + timedelta(days=day) for day in (0, 2, 5))
    moved = {other: one, third: other}
    assert [rules.begun(since, moved) for since in (one, other, third)] == [one] * 3
    assert rules.begun(START + LOCK, moved) == START + LOCK
    assert rules.begun(one, {one: one}) == one  # moved in the very instant


@given(st.lists(st.integers(1, 200), max_size=10))
def test_however_a_crowd_comes_in_batches_the_same_number_of_it_is_doubtful(batches):
    before = doubtful = 0
    for batch in batches:
        doubtful += rules.beyond(before, batch)
        before += batch
    assert doubtful == max(0, before - CROWD)
