"""Which moves the ledger knows, and which of a batch the balances allow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loop28.back.ledger import accounts
from loop28.back.ledger.accounts import AccountKey
from loop28.back.ledger.models import Basis, Kind, Movement, Unit
from loop28.back.ledger.rules import (
    LARGEST,
    ROUTES,
    Move,
    ReferenceReused,
    Stand,
    decide,
    mistake,
    wrong_reversal,
)

FEE = Move("fee", accounts.budget(1), accounts.wallet(7), 100, basis="task_fee")


def _move(**changes):
    fields = {name: getattr(FEE, name) for name in Move.__slots__} | changes
    return Move(**fields)


def test_an_account_keeps_its_name_because_the_books_are_full_of_it():
    names = [
        accounts.budget(1),
        accounts.held(2, "points"),
        accounts.packet(3),
        accounts.wallet(4),
        accounts.paying(5),
    ]
    assert list(map(str, names)) == [
        "line:1 budget fen",
        "line:2 held points",
        "packet:3 packet fen",
        "member:4 wallet fen",
        "payout:5 paying fen",
    ]


def test_a_fee_out_of_a_budget_is_a_move():
    assert mistake(FEE) is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": -1}, "amount"),
        ({"amount": LARGEST + 1}, "amount"),
        ({"reference": ""}, "reference"),
        ({"reference": "x" * 81}, "reference"),
        ({"debit": AccountKey("l" * 41, "budget")}, "owner"),
        ({"credit": accounts.wallet(7, "points")}, "do not mix"),
        ({"basis": None}, "into a wallet goes a basis"),
        ({"basis": None, "movement": "reserve"}, "into a wallet goes a basis"),
        ({"movement": "reserve"}, "into a wallet goes a basis"),
        ({"credit": accounts.packet(3)}, "into a wallet goes a basis"),
        ({"basis": "downline"}, "no way"),
        ({"basis": "gift"}, "no way"),
        ({"debit": accounts.wallet(8)}, "no way from wallet to wallet"),
        ({"debit": accounts.wallet(7)}, "no way from wallet to wallet"),
        ({"debit": accounts.packet(3)}, "no way"),
        ({"reverses": "other"}, "only a correction reverses"),
    ],
)
def test_every_other_form_is_named(changes, why):
    assert why in mistake(_move(**changes))


def test_the_largest_amount_and_the_longest_names_still_are_moves():
    assert mistake(_move(amount=LARGEST)) is None
    assert mistake(_move(amount=1, reference="x" * 80)) is None
    assert mistake(_move(debit=AccountKey("l" * 40, "budget"), reference="x")) is None
    assert mistake(_move(debit=AccountKey("l", "budget"))) is None


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (AccountKey("line:1", "budget", "points"), "a budget account has no points"),
        (AccountKey("company", "issuer", "fen"), "a issuer account has no fen"),
    ],
)
def test_points_come_from_the_issuer_and_budgets_are_money(key, why):
    credit = accounts.wallet(7, key.unit)
    assert mistake(_move(debit=key, credit=credit)) == why


def test_the_words_of_the_routes_are_the_words_of_the_tables():
    for (debit, credit), reasons in ROUTES.items():
        assert {debit, credit} <= set(Kind.values)
        assert reasons <= set(Basis.values if credit == Kind.WALLET else Movement.values)
    assert {key.unit for key in (accounts.TREASURY, accounts.ISSUER)} == set(Unit.values)


def test_a_gift_only_comes_out_of_a_packet_and_nobody_pays_another_wallet():
    assert {debit for (debit, _), reasons in ROUTES.items() if "gift" in reasons} == {"packet"}
    assert ("wallet", "wallet") not in ROUTES


@pytest.mark.parametrize(
    ("back", "why"),
    [
        (_move(debit=FEE.credit, credit=FEE.debit), None),
        (_move(debit=FEE.credit, credit=FEE.debit, amount=40), None),
        (_move(debit=FEE.credit, credit=FEE.debit, amount=101), "takes back more than was given"),
        (_move(debit=accounts.wallet(8), credit=FEE.debit), "takes from another account"),
    ],
)
def test_a_correction_takes_back_at_most_what_was_given_from_where_it_went(back, why):
    said = wrong_reversal(back, FEE)
    assert said is None if why is None else why in said


def test_a_correction_of_nothing_is_wrong():
    assert wrong_reversal(FEE, None) == "the transfer it reverses does not exist"


def test_the_given_order_decides_who_gets_the_last_of_a_budget():
    stands = {accounts.budget(1): Stand(250, 0), accounts.wallet(7): Stand(0, 0)}
    wishes = {"a": 100, "b": 200, "c": 100, "d": 50}
    moves = [_move(reference=name, amount=amount) for name, amount in wishes.items()]
    assert decide(moves, {}, stands) == [True, None, True, True]


def test_the_same_reference_twice_in_a_batch_is_posted_once():
    stands = {accounts.budget(1): Stand(250, 0), accounts.wallet(7): Stand(0, 0)}
    assert decide([FEE, FEE], {}, stands) == [True, False]
    with pytest.raises(ReferenceReused):
        decide([FEE, _move(amount=1)], {}, stands)


def test_what_came_in_earlier_in_the_batch_can_be_spent():
    fund = Move("fund", accounts.TREASURY, accounts.budget(1), 100, movement="fund")
    stands = {
        accounts.TREASURY: Stand(0, None),
        accounts.budget(1): Stand(0, 0),
        accounts.wallet(7): Stand(0, 0),
    }
    assert decide([FEE, fund, FEE], {}, stands) == [None, True, True]


KEYS = [accounts.TREASURY, *(AccountKey(f"line:{n}", "budget") for n in (1, 2, 3))]
MOVES = st.lists(
    st.builds(
        Move,
        st.sampled_from("abcdefgh"),
        st.sampled_from(KEYS),
        st.sampled_from(KEYS),
        st.integers(1, 50),
        movement=st.just("fund"),
    ).filter(lambda move: move.debit != move.credit),
    unique_by=lambda move: move.reference,
)


@given(MOVES, st.lists(st.integers(0, 60), min_size=3, max_size=3))
def test_money_is_neither_made_nor_lost_and_no_floor_is_broken(moves, balances):
    stands = {accounts.TREASURY: Stand(0, None)}
    stands |= {key: Stand(b, 0) for key, b in zip(KEYS[1:], balances, strict=True)}
    left = {key: stand.balance for key, stand in stands.items()}
    for move, answer in zip(moves, decide(moves, {}, stands), strict=True):
        if answer:
            left[move.debit] -= move.amount
            left[move.credit] += move.amount
            assert move.debit == accounts.TREASURY or left[move.debit] >= 0
        else:
            assert move.debit != accounts.TREASURY
            assert left[move.debit] < move.amount
    assert sum(left.values()) == sum(balances)
