"""What lies in `deploy/` and what is said of it agree with the program."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from loop28 import settings as program
from loop28.doors import gate
from loop28.doors.operation import counts
from loop28.doors.operation.state import State

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
NAME = re.compile(r"\bloop28_[a-z_]+\b")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_no_fault_with_a_unit(unit: Path, tmp_path: Path) -> None:
    for one in UNITS:
        text = one.read_text().replace("/srv/loop28/program/.venv/bin/loop28", sys.executable)
        (tmp_path / one.name).write_text(text)
    command = ["systemd-analyze", "verify", str(tmp_path / unit.name)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.django_db
def test_every_number_is_in_the_reference_and_no_alert_looks_at_one_that_is_not() -> None:
    registry = counts.registry()
    registry.register(State())
    families = list(registry.collect())
    gauges = {f.name + {"counter": "_total", "info": "_info"}.get(f.type, "") for f in families}
    reference = set(NAME.findall((ROOT / "docs/reference/metrics.md").read_text()))
    assert reference == gauges
    alerts = (DEPLOY / "prometheus-alerts.yml").read_text()
    assert {name.removesuffix("_bucket") for name in NAME.findall(alerts)} <= gauges


def test_every_setting_of_the_environment_is_explained_and_every_one_in_deploy_exists() -> None:
    source = Path(program.__file__).read_text()
    used = set(re.findall(r'"(LOOP28_[A-Z_]+)"', source))
    assert used == set(re.findall(r"^(LOOP28_[A-Z_]+) ", program.__doc__, re.MULTILINE))
    told = set(re.findall(r"^#?(LOOP28_[A-Z_]+)=", (DEPLOY / "loop28.env").read_text(), re.M))
    assert told <= used


def test_web_servers_in_front_take_the_largest_form_that_loop28_takes() -> None:
    caddy = re.findall(r"max_size (\d+)MiB", (DEPLOY / "Caddyfile").read_text())
    nginx = re.findall(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text())
    assert caddy == nginx == [str(gate.UPLOAD_MAX // 2**20)]


def test_prometheus_asks_by_a_name_that_is_answered() -> None:
    named = re.search(r"^LOOP28_HOSTS=(.*)$", (DEPLOY / "loop28.env").read_text(), re.MULTILINE)
    asked = re.findall(r'"([^":]+):8028"', (DEPLOY / "prometheus-scrape.yml").read_text())
    assert named
    assert set(asked) <= set(named[1].split(","))


@pytest.mark.parametrize("page", sorted((ROOT / "docs/how-to").glob("*.md")), ids=lambda p: p.stem)
def test_a_page_leads_nowhere_that_is_not(page: Path) -> None:
    for there in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        assert there.startswith("http") or (page.parent / there).exists(), there
