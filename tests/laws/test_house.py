"""The order of the house is one order: in the settings, in the import laws, in the database."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from loop28.back.ledger.models import Transfer
from loop28.front.groups.models import Notice, Outgoing
from loop28.front.rewards.models import Entitlement
from loop28.front.tasks.models import Happening

ROOT = Path(__file__).parents[2]
OURS = [app for app in apps.get_app_configs() if app.name.startswith("loop28.")]


def layers(container: str = "") -> list[str]:
    """The layers of an import contract from the ground up, by what they are in."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (found,) = [
        contract["layers"]
        for contract in contracts["contracts"]
        if contract["type"] == "layers"
        and contract.get("containers", [""]) == ([container] if container else [""])
    ]
    return [layer.rpartition(".")[2] for layer in reversed(found)]


def rooms(storey: str) -> list[str]:
    """The modules of a storey in the order of the settings."""
    names = [name.split(".") for name in settings.HOUSE]
    return [name[2] for name in names if name[1] == storey]


@pytest.mark.parametrize("storey", ["back", "middle", "front"])
def test_reactions_run_upward_in_the_order_in_which_modules_may_call_down(storey):
    order = layers(f"loop28.{storey}")
    assert sorted(order) == sorted(rooms(storey))
    assert rooms(storey) == order


def test_the_storeys_stand_on_each_other():
    order = layers()
    heights = [order.index(name.split(".")[1]) for name in settings.HOUSE]
    assert heights == sorted(heights)


def test_every_app_of_ours_is_in_the_house_or_is_the_look():
    assert {app.name for app in OURS} == {*settings.HOUSE, "loop28.ui"}


def test_every_module_with_tables_has_its_first_migration():
    loader = MigrationLoader(None)
    with_tables = {(app.label, "0001_initial") for app in OURS if list(app.get_models())}
    assert with_tables <= loader.disk_migrations.keys()
    assert len(with_tables) > 10


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say(capsys):
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


def test_no_table_has_an_index_with_which_another_one_begins():
    """Every index is paid for with every row that is written."""
    twice = [
        f"{model.__name__}.{field.name}"
        for app in OURS
        for model in app.get_models()
        for field in model._meta.local_fields
        if getattr(field, "db_index", False)
        and not field.unique
        and field.name in first_in_an_index(model)
    ]
    assert twice == []


@pytest.mark.django_db
def test_what_is_written_all_the_time_has_no_index_for_the_beginnings_of_names():
    """On PostgreSQL Django gives one to every unique text; a migration of ours drops it."""
    busy = [Happening, Entitlement, Transfer, Outgoing, Notice]
    with connection.cursor() as cursor:
        found = [
            name
            for model in busy
            for name in connection.introspection.get_constraints(cursor, model._meta.db_table)
            if name.endswith("_like")
        ]
    assert found == []


def first_in_an_index(model):
    """The fields that lead an index or a unique constraint over all rows of the table."""
    found = [*model._meta.indexes, *model._meta.constraints]
    return {f.fields[0] for f in found if getattr(f, "fields", ()) and not f.condition}
