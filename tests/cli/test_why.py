"""``why``, ``why-not`` and ``ack`` as somebody uses them."""

import pytest

from tests.cli.days import MONDAY, TUESDAY, a_day_goes_by, begin
from tests.cli.followed import alerts, configure
from tests.cli.program import Program
from tests.storage.lived import live
from world.site import Site


@pytest.fixture
def told(site: Site, program: Program) -> str:
    """A new paper was told on Tuesday; the id of its event."""
    configure(program.folder, site)
    assert program("run", "--now", MONDAY).code == 0
    a_day_goes_by(site)
    assert program("run", "--now", TUESDAY).code == 0
    [event] = program("events", "--kind", "paper.new", "--json").json_lines()
    return str(event["id"])


def test_why_an_event_was_told(told: str, site: Site, program: Program) -> None:
    message = alerts(program.folder)[-1]["id"]
    ended = program("why", told[:6])
    assert (ended.code, ended.out.splitlines()) == (
        0,
        [
            "2026-11-24 09:00 UTC  paper.new         Zoë Example: A New Thing",
            f"  event {told}, of {site.url('1001')} (scholarfeed 1001)",
            "  observed 2026-11-24 09:00 UTC, recorded 2026-11-24 09:00 UTC by run 3 (track), as scholarfeed/1 reads"
            " the page; its cause is source",
            "",
            f"me: Told on 2026-11-24 09:00 UTC in message {message}, at the first try. A rule asked for it at once.",
            "  rule “new papers”: a new paper",
        ],
    )
    values = program("why", told, "--json").json()
    assert (values["event"]["id"], values["parser"], values["run"]["kind"]) == (told, "scholarfeed/1", "track")
    [verdict] = values["verdicts"]
    assert (verdict["receiver"], verdict["kind"], verdict["state"], verdict["rules"]) == (
        "me", "sent", "delivered", ["new papers"],
    )  # fmt: skip
    assert (verdict["message"]["id"], verdict["message"]["delivered_at"]) == (message, TUESDAY)


def test_why_not_a_paper(told: str, program: Program) -> None:
    paper = program("why-not", "a new thing", "--now", TUESDAY, "--json").json()
    assert paper["paper"]["names"] == [{"title": "A New Thing", "key": "arxiv:2611.00003"}]
    [answer] = paper["answers"]
    assert (answer["reason"], answer["receiver"], answer["event"]) == ("told", "me", told)
    assert program("why-not", "https://arxiv.org/abs/2607.00002", "--now", TUESDAY).out.splitlines() == [
        "“Sheaves on a Torus” (arxiv:2607.00002)",
        "It was on the first page that was read of Zoë Example at scholarfeed, on 2026-11-23 09:00 UTC: what is there"
        " from the start is no news.",
    ]
    several = program("why-not", "thing")
    assert several.code == 2
    assert "“A New Thing” (arxiv:2611.00003), “An Older Thing” (arxiv:2403.00001)" in several.err
    nobody = program("why-not", "nobody writes this", "--now", TUESDAY)
    assert (nobody.code, nobody.out.splitlines()) == (
        1,
        [
            "“nobody writes this” is nobody who is followed. If it is a paper:",
            "No page that is followed has shown it: 1 page was last read on 2026-11-24 09:00 UTC.",
        ],
    )


@pytest.mark.usefixtures("told")
def test_why_not_a_person(program: Program) -> None:
    ended = program("why-not", "zoë", "--now", TUESDAY)
    assert ended.code == 0
    name, *lines = ended.out.splitlines()
    assert name == "Zoë Example"
    assert "me: It goes out with the digest of 2026-11-25 08:00 UTC. A rule asked for it in the digest." in lines
    assert "Nothing has happened on the pages since 2026-11-24 09:00 UTC; then it was paper.new: A New Thing." in lines
    assert any(line.startswith("me: Last told on 2026-11-24 09:00 UTC, in message ") for line in lines)
    assert (
        "The page of Zoë Example at scholarfeed was read on 2026-11-24 09:00 UTC (ok), and is due again on"
        " 2026-11-25 05:00 UTC." in lines
    )
    values = program("why-not", "zoë", "--now", TUESDAY, "--json").json()
    [page] = values["person"]["pages"]
    assert [check["outcome"] for check in page["checks"]] == ["ok", "ok"]
    assert {answer["reason"] for answer in values["answers"]} == {"digest", "quiet", "last_told", "read"}


def test_a_broken_configuration_does_not_keep_the_answer_back(program: Program) -> None:
    live("scholarwatch.db", days=4, profiles=1)
    program.write("scholarwatch.yaml", "rules: nonsense\ndatabase: scholarwatch.db\n")
    ended = program("why-not", "zoë")
    assert ended.code == 0
    assert "The page of Zoë 0 王 at scholarfeed was refused on 2026-03-05 08:00 UTC (blocked, a captcha);" in ended.out
    assert "when pages are due next is not known: " in ended.err


def test_wrong_use_of_them(program: Program) -> None:
    live("scholarwatch.db", days=7, profiles=1)
    for words, said in (
        (("why", "zz"), "no event has an id that begins with “zz”"),
        (("ack", ""), "the ids of several events begin with “”"),
        (("why-not", " "), "must not be empty"),
        (("why-not", "zoë", "--receiver", "you"), "nothing was ever decided for 'you'; allowed: me"),
    ):
        ended = program(*words)
        assert ended.code == 2
        assert said in ended.err


def test_what_asks_somebody_to_look_until_it_is_acknowledged(site: Site, program: Program) -> None:
    begin(site, program)
    site.robots("User-agent: *\nDisallow: /")
    program("run", "--now", "2026-11-25T10:00:00+00:00")
    assert program("events", "--unacknowledged", "--kind", "profile.baseline").out.count("\n") == 1
    [event] = program("events", "--unacknowledged", "--json").json_lines()
    assert event["kind"] == "host.down"
    first = program("ack", event["id"][:8], "--note", "I know", "--now", "2026-11-25T11:00:00+00:00")
    assert (first.code, first.out.splitlines()[-1]) == (0, "Acknowledged.")
    again = program("ack", event["id"], "--note", "other words")
    assert again.out.splitlines()[-1] == "It was acknowledged before, on 2026-11-25 11:00 UTC: I know."
    assert program("events", "--unacknowledged").out == "Nothing of this kind was recorded.\n"
    assert "[acknowledged]" in program("events", "--kind", "host.down").out
    [seen] = program("events", "--kind", "host.down", "--json").json_lines()
    assert seen["acknowledged_at"] == "2026-11-25T11:00:00+00:00"
    assert "  acknowledged 2026-11-25 11:00 UTC: I know" in program("why", event["id"]).out.splitlines()
