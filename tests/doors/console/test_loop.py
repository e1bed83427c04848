"""The page of the loop: numbers that lead to their lines, a picture, and a table that says it."""

from datetime import timedelta

import pytest

from loop28.front.ladder.models import Graduate
from loop28.front.lines import actions as lines
from loop28.front.lines.models import Line
from loop28.kernel.access import SYSTEM
from tests.factories import region
from tests.line_kit import live_until, local, seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(line, at):
    """A line that ended 61 days ago, and the one a graduate of it opened in another region."""
    (ann,) = seated(line, 1)
    live_until(local(5, 22))
    Graduate.objects.create(line=line, member_id=ann, tasks=1, orders=1, at=local(5, 21))
    at(local(12, 12))
    child = lines.open_line(
        SYSTEM,
        region=region("HN").pk,
        playbook=line.playbook_id,
        start_day=local(20, 12).date(),
        host=ann,
        size=20,
        budget_fen=100,
        parents=[line.pk],
    )
    at(local(5, 22) + timedelta(days=61))
    return line, child


def _page(client, search=""):
    return client.get(f"/console/loop{search}")


def _listed(client, search):
    return [row.link.line.pk for row in _page(client, search).context["rows"]]


def test_without_lines_the_page_says_what_will_be_here(desk):
    assert "No line yet" in _page(desk()).content.decode()


def test_before_a_window_has_passed_it_says_that_lines_are_too_few(desk, line):
    page = _page(desk()).content.decode()
    assert "Too few lines yet" in page
    assert "too few lines yet" in page


def test_the_number_its_interval_and_the_lines_behind_it(desk, family):
    line, child = family
    response = _page(desk())
    total = response.context["total"]
    assert (total.lines, total.children, total.number) == (1, 1, 1.0)
    page = response.content.decode()
    assert f"?region={line.region_id}#lines" in page
    assert page.count(f'href="/console/lines/{child.pk}"') >= 3  # picture, own row, mother's row


def test_the_picture_has_a_link_for_each_line_and_a_way_between_them(desk, family):
    _line, child = family
    page = _page(desk()).content.decode()
    drawing = page.partition('<svg class="family-tree"')[2].partition("</svg>")[0]
    assert drawing.count("<a href") == 2
    assert drawing.count("<path") == 1
    assert f"/console/lines/{child.pk}" in drawing


def test_a_click_on_region_or_tier_shows_their_lines(desk, family):
    line, child = family
    client = desk()
    listed = [
        row.link.line.pk for row in _page(client, f"?region={line.region_id}").context["rows"]
    ]
    assert listed == [line.pk]
    for nonsense in ("?tier=9", "?tier=x", "?tier=%00", "?region=x", "?page=x"):
        assert _page(client, nonsense).status_code in {200, 400}
    assert "No line of this tier" in _page(client, "?tier=1").content.decode()
    assert set(_listed(client, "?tier=0")) == {line.pk, child.pk}


def test_a_manager_sees_the_child_of_another_region_by_name_alone(desk, family):
    line, child = family
    response = _page(desk("region_manager", region("HD")))
    page = response.content.decode()
    assert response.context["total"].children == 1
    assert child.code in page
    assert f'href="/console/lines/{child.pk}"' not in page
    other = _page(desk("region_manager", region("HN"))).content.decode()
    assert f'href="/console/lines/{line.pk}"' not in other


def test_sixty_lines_are_drawn_and_all_are_listed(desk, line):
    Line.objects.bulk_create(
        Line(
            code=f"HD-{n}",
            region=line.region,
            playbook=line.playbook,
            host=line.host,
            start_day=local(n * 7, 12).date(),
            days=5,
            size=20,
            opened_at=local(1, 1),
        )
        for n in range(2, 72)
    )
    context = _page(desk()).context
    assert len(context["picture"].boxes) == 60
    assert context["page"].paginator.count == 71
