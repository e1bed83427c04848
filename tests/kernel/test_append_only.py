"""A guarded table takes new rows and keeps the old ones, until a migration lifts the guard."""

import pytest
from django.db import IntegrityError, connection, transaction

from loop28.kernel.append_only import append_only


def _run(*statements):
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def table(transactional_db):
    _run("CREATE TABLE test_stone (word varchar(9))", "INSERT INTO test_stone VALUES ('old')")
    yield
    _run("DROP TABLE test_stone")


@pytest.mark.usefixtures("table")
def test_it_can_be_guarded_and_the_guard_lifted():
    step = append_only("test_stone")
    with connection.schema_editor() as editor:
        step.code(None, editor)
    _run("INSERT INTO test_stone VALUES ('new')")
    for change in ("UPDATE test_stone SET word = 'other'", "DELETE FROM test_stone"):
        with pytest.raises(IntegrityError, match="rows of test_stone are never changed"):
            _run(change)
    with connection.schema_editor() as editor:
        step.reverse_code(None, editor)
    _run("UPDATE test_stone SET word = 'other'", "DELETE FROM test_stone")
