from tests.line_kit import open_line


def sections(response):
    return [section for _storey, found in response.context["menu"] for section in found]


def links(response):
    return {str(label): url for label, url, *_here in sections(response)}


def beside(client, address):
    return [str(label) for label, _url, _here in client.get(address).context["section_pages"]]


def test_a_section_of_the_menu_leads_to_its_first_page_and_that_to_the_others(desk, line):
    client = desk()
    assert links(client.get("/console/"))["Groups"] == "/console/groups"
    beside_groups = ["Health", "Members' own", "Complaints", "Blocked words", "Outbox"]
    assert beside(client, "/console/groups") == beside_groups


def test_a_section_shows_nobody_what_is_closed_to_them(desk, line):
    assert "Payouts" in beside(desk("finance"), "/console/budgets")
    assert beside(desk("region_manager", line.region), "/console/budgets") == []
    assert "Orders" not in links(desk("region_manager", line.region).get("/console/"))


def test_a_page_below_an_entry_is_marked_in_the_menu_and_has_no_neighbours(desk, line):
    response = desk().get(f"/console/lines/{line.pk}")
    assert response.context["section_pages"] == []
    assert [label for label, _url, here, *_count in sections(response) if here] == ["Lines"]


def test_the_chosen_region_goes_along_to_the_pages_beside(desk, at):
    region = open_line(code="HN").region_id
    response = desk().get(f"/console/lines?region={region}")
    urls = {str(label): url for label, url, _ in response.context["section_pages"]}
    assert urls["League table"].endswith(f"?region={region}")
