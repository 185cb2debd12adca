"""Somebody followed at a site's pages and at its interface: ``show`` says where the two contradict each other."""

from pathlib import Path

from tests.cli.days import MONDAY
from tests.cli.program import Program
from tests.imitations.scholarfeed_api import ScholarFeedApiSite
from tests.imitations.scholars import Scholar
from world.site import Site


def test_a_page_and_an_interface_that_differ(site: Site, program: Program, tmp_path: Path) -> None:
    with ScholarFeedApiSite([Scholar(key="1001", name="Zoë Example", h_index=9, citations=1204)]) as interface:
        (tmp_path / "scholarwatch.yaml").write_text(
            f"""
people:
  - name: Zoë Example
    profiles:
      - {{url: "{site.url("1001")}", source: scholarfeed}}
      - {{url: "{interface.url}/author/1001", source: scholarfeed_api}}
fetch: {{user_agent: "Lab (mailto:lab@example.org)", min_interval_seconds: 0}}
""",
            "utf-8",
        )
        program("run", "--now", MONDAY)
        page, api = program("show", "Zoë", "--json").json()["profiles"]
        text = program("show", "Zoë").out
        events = program("events", "--json").json_lines()
    assert api["warnings"] == [
        "scholarfeed says h_index 2, scholarfeed_api says 9.",
        "scholarfeed says papers 2, scholarfeed_api says 0.",
        "scholarfeed_api lacks what scholarfeed shows: An Older Thing; Sheaves on a Torus.",
    ]
    assert not any("scholarfeed_api" in warning for warning in page["warnings"])
    assert "  (scholarfeed says h_index 2, scholarfeed_api says 9.)" in text
    assert {event["kind"] for event in events} == {"profile.baseline"}
