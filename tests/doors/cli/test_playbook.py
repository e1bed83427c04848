"""`loop28 playbook` on the command line."""

import json

import pytest
from click.testing import CliRunner
from django.utils import translation

from loop28.doors.cli.playbook import playbook
from loop28.front.playbooks.models import PlaybookVersion
from tests.front.playbooks.kit import SMALL, changed


@pytest.fixture
def run():
    def run(*arguments):
        with translation.override("en"):
            return CliRunner().invoke(playbook, [str(argument) for argument in arguments])

    return run


@pytest.fixture
def good(tmp_path):
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)
    return file


@pytest.fixture
def bad(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text(changed("late: always", "late: never", changed('"09:00"', '"9:00"')))
    return file


def test_every_mistake_is_printed_with_file_line_column_path_and_cure(run, bad):
    result = run("check", bad)
    assert result.exit_code == 1
    first, second = result.stdout.splitlines()
    assert first == (
        f"{bad}:38:9: beats[0].at: «9:00» is no time of day. — "
        'Write hours and minutes with two digits each, in quotes, for example "09:30".'
    )
    assert second.startswith(f"{bad}:126:11: beats[9].late: ")
    assert result.stderr == "Mistakes: 2\n"


def test_a_good_playbook_is_summed_up_with_what_a_line_costs(run, good):
    result = run("check", good)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "五天小打法 (small)",
        "5 days, 21 timed actions, 7 tasks, budget 200.00 yuan",
        "",
        "passing  people  packets  rewards  in all  budget left",
        "   10 %       2    44.00    17.00   61.00       139.00",
        "   35 %       7    44.00    59.50  103.50        96.50",
        "   60 %      12    44.00   102.00  146.00        54.00",
    ]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"%", b"- a", b"a: &a [*a]", b"[" * 9999]
)
def test_no_file_leads_to_a_traceback(run, tmp_path, content):
    file = tmp_path / "odd.yaml"
    file.write_bytes(content)
    result = run("check", file)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)


def test_a_file_that_is_not_there_is_a_wrong_call(run, tmp_path):
    assert run("check", tmp_path / "none.yaml").exit_code == 2


@pytest.mark.django_db
def test_publishing_makes_a_version_once(run, good):
    assert run("publish", good).stdout == "五天小打法: version 1 is published.\n"
    assert run("publish", good).stdout == "五天小打法: version 1 is published.\n"
    assert PlaybookVersion.objects.get().published_by is None


@pytest.mark.django_db
def test_a_playbook_with_mistakes_is_not_published(run, bad):
    result = run("publish", bad)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert not PlaybookVersion.objects.exists()


def test_the_schema_is_printed_or_written(run, tmp_path):
    printed = run("schema").stdout
    assert json.loads(printed)["title"] == "Loop28 playbook, schema 1"
    file = tmp_path / "schema.json"
    assert run("schema", "--out", file).stdout == ""
    assert file.read_text() == printed
