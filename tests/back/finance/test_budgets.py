"""Money for lines: who may give it, once per key, and what is left of it."""

import pytest

from loop28.back.finance import actions, queries
from loop28.back.finance.refusals import AmountOutOfRange, KeyUsed
from loop28.back.ledger import accounts
from loop28.back.ledger import queries as ledger
from loop28.back.ledger.actions import Move, transfer
from loop28.kernel.access import SYSTEM, Actor, NotAllowed, Role
from loop28.kernel.journal.models import Entry
from loop28.kernel.text import TextTooLong
from tests.races import Died, dying_at, together

FINANCE = Actor(Role.FINANCE, 1)
MANAGER = Actor(Role.REGION_MANAGER, 2, region=5)


@pytest.mark.django_db
def test_funding_moves_the_companys_money_into_the_budget_and_is_a_fact():
    assert actions.fund(FINANCE, 3, 5000, "k") is True
    assert queries.budget_left(FINANCE, [3, 4]) == {3: 5000, 4: 0}
    assert ledger.balance(FINANCE, accounts.TREASURY) == -5000
    entry = Entry.objects.get(kind="LineFunded")
    assert (entry.line, entry.data["fen"], entry.actor) == (3, 5000, "finance:1")


@pytest.mark.django_db
def test_the_same_key_funds_once_and_refuses_another_amount():
    actions.fund(FINANCE, 3, 5000, "k")
    assert actions.fund(FINANCE, 3, 5000, "k") is False
    with pytest.raises(KeyUsed):
        actions.fund(FINANCE, 3, 6000, "k")
    assert queries.budget_left(FINANCE, [3]) == {3: 5000}
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_what_a_line_gives_back_is_the_companys_again_once_and_a_fact():
    actions.fund(FINANCE, 3, 5000, "k")
    for _ in range(2):
        actions.give_back(SYSTEM, 3, 2000, "over")
        assert Entry.objects.filter(kind="LineGaveBack").exists()
    assert queries.budget_left(FINANCE, [3]) == {3: 3000}
    assert ledger.balance(FINANCE, accounts.TREASURY) == -3000
    entry = Entry.objects.get(kind="LineGaveBack")
    assert (entry.line, entry.data["fen"]) == (3, 2000)
    with pytest.raises(NotAllowed):
        actions.give_back(FINANCE, 3, 100, "by hand")


@pytest.mark.django_db
@pytest.mark.parametrize("actor", [MANAGER, Actor(Role.MEMBER, 8)])
def test_wallets_and_payouts_are_not_handed_over_by_just_anybody(actor):
    with pytest.raises(NotAllowed):
        actions.hand_over(actor, 7, 8)


@pytest.mark.django_db
def test_a_key_belongs_to_its_line():
    assert actions.fund(FINANCE, 3, 5000, "k")
    assert actions.fund(FINANCE, 4, 7000, "k")


@pytest.mark.django_db
@pytest.mark.parametrize("fen", [0, -1, 10**12 + 1])
def test_nothing_less_and_too_much_are_refused(fen):
    with pytest.raises(AmountOutOfRange) as refused:
        actions.fund(FINANCE, 3, fen, "k")
    assert refused.value.field == "fen"
    assert refused.value.details == {"least": "0.01", "most": "10000000000.00"}


@pytest.mark.django_db
def test_a_fen_and_ten_billion_yuan_can_be_given():
    assert actions.fund(FINANCE, 3, 1, "a")
    assert actions.fund(FINANCE, 3, 10**12, "b")


@pytest.mark.django_db
def test_an_audit_of_the_books_is_written_down():
    actions.note_audit(SYSTEM, 3)
    assert Entry.objects.get().data == {"differences": 3}


@pytest.mark.django_db
def test_a_key_has_a_length():
    with pytest.raises(TextTooLong):
        actions.fund(FINANCE, 3, 100, "k" * 51)


@pytest.mark.django_db
def test_a_manager_funds_lines_of_the_own_region_only():
    assert actions.fund(MANAGER, 3, 100, "k", region_id=5)
    for region in (6, None):
        with pytest.raises(NotAllowed):
            actions.fund(MANAGER, 3, 100, "other", region_id=region)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.MIDDLE, Role.AUDITOR, Role.MEMBER, Role.MACHINE])
def test_others_do_not_fund(role):
    with pytest.raises(NotAllowed):
        actions.fund(Actor(role, 1), 3, 100, "k", region_id=None)


@pytest.mark.django_db
def test_what_is_left_of_twenty_four_lines_costs_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.budget_left(FINANCE, range(24))


@pytest.mark.django_db
def test_spent_is_what_left_the_budget_and_did_not_come_back():
    actions.fund(FINANCE, 3, 5000, "a")
    actions.fund(FINANCE, 3, 1000, "b")
    budget, packet = accounts.budget(3), accounts.packet(1)
    transfer(
        SYSTEM,
        [
            Move("p", budget, packet, 800, movement="reserve"),
            Move("g", packet, accounts.wallet(7), 500, basis="gift"),
            Move("r", packet, budget, 300, movement="return"),
        ],
    )
    assert queries.funded(FINANCE, [3]) == {3: 6000}
    assert queries.spent(FINANCE, [3]) == {3: 500}


@pytest.mark.django_db(transaction=True)
def test_a_double_click_funds_once():
    answers = together(*[lambda: actions.fund(FINANCE, 3, 5000, "k")] * 4)
    assert sorted(answers) == [False, False, False, True]
    assert queries.budget_left(FINANCE, [3]) == {3: 5000}


@pytest.mark.django_db(transaction=True)
def test_a_crash_at_any_statement_funds_nothing_and_records_nothing():
    for statement in range(1, 20):
        try:
            with dying_at(statement):
                actions.fund(FINANCE, 3, 5000, "k")
            break
        except Died:
            assert not Entry.objects.exists()
            assert queries.budget_left(FINANCE, [3]) == {3: 0}
    assert queries.budget_left(FINANCE, [3]) == {3: 5000}
    assert Entry.objects.count() == 1
