"""What is in the books stays as it was written, whoever holds the connection."""

import pytest
from django.db import IntegrityError, connection, transaction

from loop28.back.ledger.accounts import TREASURY, budget
from loop28.back.ledger.actions import Move, transfer
from loop28.back.ledger.models import Transfer
from loop28.kernel.access import SYSTEM


def _fund() -> None:
    transfer(SYSTEM, [Move("fund:1", TREASURY, budget(1), 100, movement="fund")])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_transfer SET amount = 1", "DELETE FROM ledger_transfer"]
)
def test_the_database_refuses_to_change_a_transfer_and_says_what_to_do(statement):
    _fund()
    with (
        pytest.raises(IntegrityError, match="never changed or deleted: write one that corrects"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Transfer.objects.get().amount == 100


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [1, 2])
def test_between_tests_the_tables_are_emptied_and_guarded_again(run):
    assert not Transfer.objects.exists()
    _fund()
    with pytest.raises(IntegrityError):
        Transfer.objects.all().delete()
