"""The workshop: a draft is written with a live check, kept, handed in, reviewed, published."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from loop28.front.playbooks import actions, drafts, rehearsals
from loop28.front.playbooks.models import (
    Draft,
    DraftState,
    PlaybookVersion,
    Rehearsal,
    RehearsalState,
)
from loop28.front.playbooks.rehearsals import Why
from loop28.kernel.access import SYSTEM
from tests.front.playbooks.kit import PROGRAMMES
from tests.line_kit import SMALL, live_until, local, seated

pytestmark = pytest.mark.django_db
GOOD = SMALL.read_text()
BAD = GOOD.replace('total: "10.00"', "total: 10", 1).replace("language:", "lnaguage:")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def author(desk):
    return desk("middle")


@pytest.fixture
def reviewer(desk):
    return desk("administrator")


def begun(who, text=GOOD):
    return drafts.start(who.user.actor, text)


def handed_in(who, text=GOOD):
    draft = begun(who, text)
    return drafts.hand_in(who.user.actor, draft.pk, draft.revision)


def at(draft, verb=""):
    return f"/console/playbooks/drafts/{draft.pk}" + (f"/{verb}" if verb else "")


class TestBeginning:
    def test_a_copy_of_a_version_becomes_a_draft(self, author):
        version = actions.publish(SYSTEM, GOOD)
        response = author.post("/console/playbooks/new", {"version": version.pk})
        draft = Draft.objects.get()
        assert response["Location"] == at(draft)
        assert (draft.text, draft.based_on, draft.author) == (GOOD, version, author.user)

    def test_a_file_becomes_a_draft_mistakes_or_not(self, author):
        author.post("/console/playbooks/new", {"file": SimpleUploadedFile("p.yaml", BAD.encode())})
        assert Draft.objects.get().text == BAD

    def test_somebody_elses_draft_can_be_gone_on_with_in_a_copy(self, author, reviewer):
        draft = begun(author)
        reviewer.post("/console/playbooks/new", {"draft": draft.pk})
        copy = Draft.objects.latest("id")
        assert (copy.author, copy.text) == (reviewer.user, GOOD)

    @pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * 1_100_000])
    def test_a_file_that_cannot_be_text_is_refused_with_the_cure(self, author, content):
        response = author.post(
            "/console/playbooks/new", {"file": SimpleUploadedFile("p.yaml", content)}
        )
        assert response.status_code == 422
        assert response.context["form"].errors["file"]
        assert not Draft.objects.exists()

    def test_a_version_or_draft_that_is_none_begins_nothing(self, author):
        assert author.post("/console/playbooks/new", {"version": "404"}).status_code == 422
        assert author.post("/console/playbooks/new", {"draft": "404"}).status_code == 422
        assert not Draft.objects.exists()


class TestCheck:
    def check(self, who, text):
        return who.post("/console/playbooks/check", {"text": text}, headers=HTMX)

    def test_mistakes_come_with_place_and_cure_and_the_days_stay(self, author):
        response = self.check(author, BAD)
        page = response.content.decode()
        places = {remark.path: remark.line for remark in response.context["remarks"]}
        assert places["lnaguage"] == BAD.split("lnaguage")[0].count("\n") + 1
        assert places["beats[1].total"] == BAD.split("total: 10\n")[0].count("\n") + 1
        for remark in response.context["remarks"]:
            assert f'data-line="{remark.line}"' in page
            assert remark.cure
        assert "12:30" in page
        assert not Draft.objects.exists()

    def test_a_good_text_shows_costs_and_every_beat(self, author):
        response = self.check(author, GOOD)
        page = response.content.decode()
        assert "No mistake" in page
        assert page.count("the budget lasts") == 3
        assert response.context["sketch"].beats == page.count('class="sketched')

    @pytest.mark.parametrize("text", ["", "   ", "%", "{" * 5_000, "a: &x [*x]", "- a\n" * 9_000])
    def test_anything_can_be_checked(self, author, text):
        assert self.check(author, text).status_code == 200

    def test_what_takes_seconds_to_read_is_not_read_while_typing(self, author):
        page = self.check(author, "x" * 250_001).content.decode()
        assert "too long to be checked while you type" in page


class TestSaving:
    def save(self, who, draft, text, revision=1, htmx=True, **more):
        fields = {"text": text, "revision": revision, **more}
        return who.post(at(draft, "save"), fields, headers=HTMX if htmx else {})

    def test_the_editor_shows_the_text_and_saves_it(self, author):
        draft = begun(author)
        page = author.get(at(draft))
        assert page.context["text"] == GOOD
        response = self.save(author, draft, BAD)
        assert response.status_code == 200
        assert 'name="revision" value="2"' in response.content.decode()
        assert Draft.objects.get().text == BAD

    def test_without_scripts_the_page_comes_back_saved(self, author):
        draft = begun(author)
        assert self.save(author, draft, BAD, htmx=False)["Location"] == at(draft)
        assert Draft.objects.get().text == BAD

    @pytest.mark.parametrize("htmx", [True, False])
    def test_a_second_window_overwrites_nothing_and_shows_both(self, author, htmx):
        draft = begun(author)
        self.save(author, draft, "from one\n")
        response = self.save(author, draft, "from two\n", htmx=htmx)
        page = response.content.decode()
        assert response.status_code == 409
        assert "− from one" in page
        assert "+ from two" in page
        assert 'name="over" value="2"' in page
        assert htmx or response.context["text"] == "from two\n"
        assert Draft.objects.get().text == "from one\n"

    def test_who_has_seen_both_may_overwrite(self, author):
        draft = begun(author)
        self.save(author, draft, "from one")
        assert self.save(author, draft, "from two", over=2).status_code == 200
        assert Draft.objects.get().text == "from two"

    def test_when_the_session_ended_the_text_stays_in_the_box(self, author):
        draft = begun(author)
        del author.cookies["sessionid"]
        response = self.save(author, draft, BAD)
        assert response.status_code == 422
        assert "HX-Redirect" not in response.headers
        assert "still in the box" in response.content.decode()
        assert 'name="revision" value="1"' in response.content.decode()
        kept = self.save(author, draft, "lnaguage: <b>", htmx=False)
        assert kept.status_code == 422
        assert "lnaguage: &lt;b&gt;" in kept.content.decode()
        assert Draft.objects.get().text == GOOD

    def test_a_check_without_a_session_says_so_and_carries_no_revision(self):
        response = Client().post("/console/playbooks/check", {"text": GOOD}, headers=HTMX)
        assert response.status_code == 422
        assert "revision" not in response.content.decode()

    def test_only_the_author_saves(self, author, reviewer):
        draft = begun(author)
        assert self.save(reviewer, draft, "mine").status_code == 403
        assert Draft.objects.get().text == GOOD

    def test_others_read_it_without_a_box(self, author, desk):
        draft = begun(author)
        for role in ("administrator", "auditor"):
            page = desk(role).get(at(draft)).content.decode()
            assert "<textarea" not in page
            assert "初次见面" in page
        assert desk("finance").get(at(draft)).status_code == 403


class TestReview:
    def test_handing_in_saves_what_is_in_the_box(self, author):
        draft = begun(author, "name: x")
        fields = {"text": GOOD, "revision": 1, "hand_in": "1"}
        response = author.post(at(draft, "save"), fields, headers=HTMX)
        assert response["HX-Redirect"] == at(draft)
        stored = Draft.objects.get()
        assert (stored.text, stored.state) == (GOOD, DraftState.IN_REVIEW)

    def test_mistakes_are_refused_and_the_text_is_saved_all_the_same(self, author):
        draft = begun(author)
        fields = {"text": BAD, "revision": 1, "hand_in": "1"}
        response = author.post(at(draft, "save"), fields, headers=HTMX)
        assert response.status_code == 422
        assert 'name="revision" value="2"' in response.content.decode()
        stored = Draft.objects.get()
        assert (stored.text, stored.state) == (BAD, DraftState.WRITING)

    def test_the_reviewer_sees_differences_and_costs_and_publishes(self, author, reviewer):
        version = actions.publish(SYSTEM, GOOD)
        text = GOOD.replace('"200.00"', '"900.00"')
        draft = drafts.start(author.user.actor, text, version.pk)
        drafts.hand_in(author.user.actor, draft.pk, 1)
        page = reviewer.get(at(draft))
        assert [field.label for field in page.context["told"].head] == ["Budget"]
        assert [cost.percent for cost in page.context["told"].costs] == [10, 35, 60]
        response = reviewer.post(at(draft, "review"), {"revision": 2, "publish": "1"})
        newest = PlaybookVersion.objects.latest("id")
        assert response["Location"] == f"/console/playbooks/{newest.pk}"
        shown = reviewer.get(response["Location"]).content.decode()
        assert f"written by {author.user.name}, reviewed by {reviewer.user.name}" in shown

    def test_it_is_sent_back_with_a_comment_which_its_author_reads(self, author, reviewer):
        draft = handed_in(author)
        asked = {"revision": draft.revision, "comment": "第三天太满", "back": "1"}
        reviewer.post(at(draft, "review"), asked)
        page = author.get(at(draft)).content.decode()
        assert "第三天太满" in page
        assert "<textarea" in page

    def test_sending_back_without_a_word_is_refused_beside_the_field(self, author, reviewer):
        draft = handed_in(author)
        asked = {"revision": draft.revision, "comment": " ", "back": "1"}
        response = reviewer.post(at(draft, "review"), asked)
        assert response.status_code == 422
        assert response.context["form"].errors["comment"]

    def test_the_author_has_no_review_to_give(self, author, reviewer):
        draft = handed_in(author)
        page = author.get(at(draft))
        assert not page.context["may_decide"]
        asked = {"revision": draft.revision, "publish": "1"}
        assert author.post(at(draft, "review"), asked).status_code == 422
        assert not PlaybookVersion.objects.exists()
        author.post(at(draft, "take-back"))
        assert "<textarea" in author.get(at(draft)).content.decode()

    def test_the_list_shows_open_drafts_to_writers_and_auditors(self, author, reviewer, desk):
        handed_in(author)
        dropped = begun(author, "name: weg")
        author.post(at(dropped, "drop"))
        page = reviewer.get("/console/playbooks")
        assert len(page.context["drafts"]) == 1
        assert "Review" in page.content.decode()
        assert len(desk("auditor").get("/console/playbooks").context["drafts"]) == 1
        assert len(desk("finance").get("/console/playbooks").context["drafts"]) == 0


class TestRehearsal:
    def report(self, joined, opted_in):
        return {
            "joined": joined,
            "opted_in": opted_in,
            "tasks_completed": 70,
            "owners": 2,
            "budget_spent_fen": 10_000,
        }

    def play(self, draft):
        begun = rehearsals.begin(SYSTEM)
        for seed in range(1, rehearsals.SEEDS + 1):
            rehearsals.tell(SYSTEM, begun.pk, seed, self.report(20, seed))
        return begun

    def test_it_is_asked_for_once_and_waits(self, author):
        draft = begun(author)
        assert "Not rehearsed yet" in author.get(at(draft, "rehearsal")).content.decode()
        for _again in range(2):
            assert author.post(at(draft, "rehearsal"))["Location"] == at(draft, "rehearsal")
        page = author.get(at(draft, "rehearsal"), headers=HTMX).content.decode()
        assert "0 / 5" in page
        assert "every 4s" in page
        assert Rehearsal.objects.count() == 1

    def test_ranges_stand_beside_the_last_real_line(self, author, line):
        draft = begun(author)
        author.post(at(draft, "rehearsal"))
        self.play(draft)
        seated(line, 4)
        live_until(local(5, 22))
        page = author.get(at(draft, "rehearsal"))
        assert "every 4s" not in page.content.decode()
        rows = {row.label: tuple(row)[1:] for row in page.context["rows"]}
        assert rows["Pass rate"] == ("5.0%", "15.0%", "25.0%", "0.0%")
        assert rows["Joined"] == ("20", "20", "20", "4")
        assert rows["Tasks done by each who passed"] == ("14.0", "23.3", "70.0", "—")
        assert line.code in page.content.decode()

    def test_without_a_real_line_and_with_a_newer_text_it_says_so(self, author, desk):
        draft = begun(author)
        author.post(at(draft, "rehearsal"))
        self.play(draft)
        author.post(at(draft, "save"), {"text": GOOD + "# x\n", "revision": 1})
        page = author.get(at(draft, "rehearsal")).content.decode()
        assert "No line of this playbook that you see is over yet" in page
        assert "rehearsal of an older text" in page
        assert "Rehearse the text as it is now" in page
        assert "<button" not in _main(desk("auditor").get(at(draft, "rehearsal")))

    def test_a_failure_says_why_and_can_be_tried_again(self, author):
        draft = begun(author)
        author.post(at(draft, "rehearsal"))
        rehearsals.fail(SYSTEM, rehearsals.begin(SYSTEM).pk, Why.TIME)
        assert "It took too long" in author.get(at(draft, "rehearsal")).content.decode()
        author.post(at(draft, "rehearsal"))
        assert Rehearsal.objects.get().state == RehearsalState.ASKED

    def test_a_draft_with_mistakes_is_not_rehearsed_and_says_what_is_wrong(self, author):
        draft = begun(author, BAD)
        page = author.post(at(draft, "rehearsal"), follow=True).content.decode()
        assert "cannot be published yet" in page
        assert not Rehearsal.objects.exists()


def _main(page):
    return page.content.decode().partition("<main")[2]


class TestWeekly:
    def test_it_goes_the_same_way_and_its_reviewer_reads_the_text_difference(
        self, author, reviewer
    ):
        text = (PROGRAMMES / "weekly-home-kitchen.yaml").read_text()
        version = actions.publish(SYSTEM, text)
        author.post("/console/playbooks/new", {"version": version.pk})
        draft = Draft.objects.get()
        found = author.post("/console/playbooks/check", {"text": text}, headers=HTMX)
        assert found.content.decode().count('class="sketched') == text.count("kind: ")
        changed = text + "# another remark\n"
        fields = {"text": changed, "revision": 1, "hand_in": "1"}
        author.post(at(draft, "save"), fields, headers=HTMX)
        page = reviewer.get(at(draft)).content.decode()
        assert "+ # another remark" in page
        reviewer.post(at(draft, "review"), {"revision": 3, "publish": "1"})
        newest = PlaybookVersion.objects.latest("id")
        assert (newest.weekly, newest.number) == (True, 2)
        differences = reviewer.get(f"/console/playbooks/{newest.pk}/differences")
        assert differences.context["other"] == version
        assert "+ # another remark" in differences.content.decode()

    def test_it_is_not_rehearsed_and_the_page_says_why(self, author):
        text = (PROGRAMMES / "weekly-home-kitchen.yaml").read_text()
        page = author.post(at(begun(author, text), "rehearsal"), follow=True).content.decode()
        assert "A weekly playbook has no end" in page
