"""What is in the books stays as it was written, whoever holds the connection."""

import pytest
from django.db import IntegrityError

from loop28.back.ledger.accounts import TREASURY, budget
from loop28.back.ledger.actions import Move, transfer
from loop28.back.ledger.models import Transfer
from loop28.kernel.access import SYSTEM


def _fund() -> None:
    transfer(SYSTEM, [Move("fund:1", TREASURY, budget(1), 100, movement="fund")])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [1, 2])
def test_between_tests_the_tables_are_emptied_and_guarded_again(run):
    assert not Transfer.objects.exists()
    _fund()
    with pytest.raises(IntegrityError):
        Transfer.objects.all().delete()
