"""What `transfer` promises: once, in order, all or nothing, and in a handful of statements."""

import pytest
from django.db import IntegrityError, transaction

from loop28.back.ledger import accounts, queries
from loop28.back.ledger.accounts import AccountKey
from loop28.back.ledger.actions import Insufficient, Move, ReferenceReused, transfer
from loop28.back.ledger.models import Account, Basis, Movement, Transfer
from loop28.kernel import clock
from loop28.kernel.access import SYSTEM

pytestmark = pytest.mark.django_db

BUDGET = accounts.budget(1)


def fund(fen, line=1, name="fund"):
    debit, credit = accounts.TREASURY, accounts.budget(line)
    return Move(f"{name}:{line}", debit, credit, fen, movement=Movement.FUND)


def fee(name, fen, member=7, line=1):
    debit, credit = accounts.budget(line), accounts.wallet(member)
    return Move(f"fee:{name}", debit, credit, fen, basis=Basis.TASK_FEE)


def test_both_accounts_change_and_the_transfer_says_why_and_when():
    before = clock.now()
    assert transfer(SYSTEM, [fund(1000), fee("a", 300)]) == [True, True]
    assert queries.balance(SYSTEM, BUDGET) == 700
    assert queries.balance(SYSTEM, accounts.wallet(7)) == 300
    assert queries.balance(SYSTEM, accounts.TREASURY) == -1000
    row = Transfer.objects.get(reference="fee:a")
    assert (row.basis, row.movement, row.unit, row.amount) == ("task_fee", None, "fen", 300)
    assert before <= row.at <= clock.now()


def test_nothing_to_move_is_nothing_done():
    assert transfer(SYSTEM, []) == []
    assert not Account.objects.exists()


def test_a_replay_posts_nothing_and_says_so_even_when_the_money_is_gone_by_now():
    transfer(SYSTEM, [fund(300), fee("a", 300)])
    assert transfer(SYSTEM, [fund(300), fee("a", 300)]) == [False, False]
    assert transfer(SYSTEM, [fee("a", 300)], partial=True) == [False]
    assert queries.balance(SYSTEM, BUDGET) == 0
    assert Transfer.objects.count() == 2


@pytest.mark.parametrize(
    "other",
    [
        fee("a", 299),
        fee("a", 300, member=8),
        fee("a", 300, line=2),
        Move("fee:a", BUDGET, accounts.wallet(7), 300, basis=Basis.PRIZE),
        Move("fee:a", BUDGET, accounts.packet(1), 300, movement=Movement.RESERVE),
    ],
)
def test_a_known_reference_with_other_content_is_a_bug_and_changes_nothing(other):
    transfer(SYSTEM, [fund(1000), fund(1000, line=2), fee("a", 300)])
    with pytest.raises(ReferenceReused):
        transfer(SYSTEM, [fee("b", 100), other])
    assert queries.balance(SYSTEM, BUDGET) == 700
    assert not Transfer.objects.filter(reference="fee:b").exists()


def test_without_partial_one_move_too_many_refuses_them_all_and_says_how_much_is_there():
    transfer(SYSTEM, [fund(500)])
    with pytest.raises(Insufficient) as refused:
        transfer(SYSTEM, [fee("a", 300), fee("b", 300), fee("c", 50)])
    assert refused.value.details == {
        "account": "line:1 budget fen",
        "needed": "¥6.50",
        "left": "¥5.00",
    }
    assert "6.50" in str(refused.value)
    assert queries.balance(SYSTEM, BUDGET) == 500


def test_how_much_is_needed_is_what_this_account_still_has_to_give():
    transfer(SYSTEM, [fund(500), fund(100, line=2), fee("before", 200)])
    with pytest.raises(Insufficient) as refused:
        transfer(SYSTEM, [fee("before", 200), fee("a", 400), fee("other", 70, line=2)])
    assert refused.value.details["needed"] == "¥4.00"
    points = Move("p", accounts.held(1, "points"), accounts.ISSUER, 7, movement="return")
    with pytest.raises(Insufficient) as refused:
        transfer(SYSTEM, [points])
    assert (refused.value.details["needed"], refused.value.details["left"]) == ("7", "0")


def test_with_partial_a_budget_used_up_in_mid_batch_pays_in_the_given_order():
    transfer(SYSTEM, [fund(500)])
    moves = [fee("a", 300, 1), fee("b", 300, 2), fee("c", 200, 3), fee("d", 1, 4)]
    assert transfer(SYSTEM, moves, partial=True) == [True, None, True, None]
    assert queries.balance(SYSTEM, BUDGET) == 0
    assert [queries.balance(SYSTEM, accounts.wallet(m)) for m in (1, 2, 3, 4)] == [300, 0, 200, 0]


def test_what_was_left_out_may_come_again_when_there_is_money():
    assert transfer(SYSTEM, [fee("a", 300)], partial=True) == [None]
    assert transfer(SYSTEM, [fund(300), fee("a", 300)], partial=True) == [True, True]


def test_points_and_fen_of_one_member_are_two_balances():
    points = Move("p", accounts.ISSUER, accounts.wallet(7, "points"), 40, basis=Basis.TASK_FEE)
    transfer(SYSTEM, [fund(500), fee("a", 300), points])
    assert queries.balance(SYSTEM, accounts.wallet(7)) == 300
    assert queries.balance(SYSTEM, accounts.wallet(7, "points")) == 40


def test_a_move_the_rules_do_not_know_is_a_bug():
    pay_a_friend = Move("x", accounts.wallet(7), accounts.wallet(8), 1, basis=Basis.GIFT)
    with pytest.raises(ValueError, match="no way from wallet to wallet"):
        transfer(SYSTEM, [fund(500), pay_a_friend])
    assert not Transfer.objects.exists()


def test_a_correction_names_what_it_takes_back_and_does_so_once():
    transfer(SYSTEM, [fund(500), fee("a", 300)])
    back = Move(
        "back:a", accounts.wallet(7), BUDGET, 300, movement=Movement.CORRECTION, reverses="fee:a"
    )
    assert transfer(SYSTEM, [back]) == [True]
    assert transfer(SYSTEM, [back]) == [False]
    assert Transfer.objects.get(reference="back:a").reverses.reference == "fee:a"
    again = Move(
        "again:a", accounts.wallet(7), BUDGET, 1, movement=Movement.CORRECTION, reverses="fee:a"
    )
    transfer(SYSTEM, [fee("b", 100)])
    with pytest.raises(IntegrityError), transaction.atomic():
        transfer(SYSTEM, [again])


def test_a_correction_of_an_unknown_transfer_is_a_bug():
    back = Move(
        "back", accounts.wallet(7), BUDGET, 300, movement=Movement.CORRECTION, reverses="none"
    )
    with pytest.raises(ValueError, match="does not exist"):
        transfer(SYSTEM, [back])


def test_a_thousand_moves_cost_six_statements_and_their_replay_four(
    django_assert_max_num_queries,
):
    moves = [fund(10**6), *(fee(str(n), 900 + n, member=n) for n in range(999))]
    with django_assert_max_num_queries(8):  # six, and the savepoint's two in this test
        first = transfer(SYSTEM, moves, partial=True)
    assert None in first
    with django_assert_max_num_queries(7):
        assert transfer(SYSTEM, moves, partial=True).count(True) == 0
    balances = queries.balances(SYSTEM, [accounts.wallet(n) for n in range(999)])
    assert sum(balances.values()) + queries.balance(SYSTEM, BUDGET) == 10**6


@pytest.mark.parametrize("again", [1, 2, 3])
def test_a_replay_in_another_order_gives_the_same_balances(again):
    moves = [fund(1000), *(fee(str(n), 10, member=n % 5) for n in range(20))]
    transfer(SYSTEM, moves)
    for _ in range(again):
        moves = moves[7:] + moves[:7]
        transfer(SYSTEM, moves)
    assert queries.balance(SYSTEM, BUDGET) == 800
    assert Account.objects.count() == 7


def test_an_owner_with_several_accounts_is_not_mixed_up():
    held = AccountKey("line:1", "held")
    reserve = Move("r", BUDGET, held, 200, movement=Movement.RESERVE)
    release = Move("f", held, accounts.wallet(7), 200, basis=Basis.TASK_FEE)
    assert transfer(SYSTEM, [fund(500), reserve, release]) == [True] * 3
    assert queries.balances(SYSTEM, [BUDGET, held]) == {BUDGET: 300, held: 0}
