"""``silence`` and ``mute`` as somebody uses them."""

import pytest

from tests.cli.days import MONDAY
from tests.cli.program import Program
from tests.storage.lived import live

TWO_WEEKS_LATER = "2026-12-07T09:00:00+00:00"


@pytest.fixture(autouse=True)
def followed(program: Program) -> None:
    """Somebody whose page has been read once."""
    program("init", "--contact", "me@example.org")
    live("scholarwatch.db", days=1, profiles=1, told=False)


def test_a_silence_from_its_beginning_to_its_end(program: Program) -> None:
    words = ("--metric", "Citations", "--person", "zoë", "--reason", "holidays", "--for", "14d", "--now", MONDAY)
    added = program("silence", "add", *words)
    assert (added.code, added.out.splitlines()) == (
        0,
        [
            "Silence 1: metric citations and person Zoë 0 王, until 2026-12-07 09:00 UTC, for another 14 days.",
            "To end it: scholarwatch silence end 1",
        ],
    )
    [listed] = program("silence", "list", "--now", MONDAY, "--json").json_lines()
    assert listed == {
        "id": "1", "begins_at": MONDAY, "ends_at": TWO_WEEKS_LATER, "holds": True, "reason": "holidays",
        "receiver": None, "rule": None, "person": "Zoë 0 王", "tag": None, "source": None, "metric": "citations",
        "kinds": [],
    }  # fmt: skip
    assert "until 2026-12-07 09:00 UTC, for another 2 days" in program("silence", "list", "--now", "2026-12-05T09").out
    assert program("silence", "list", "--now", TWO_WEEKS_LATER).out == "Nothing is silenced.\n"
    assert "ended 2026-12-07 09:00 UTC" in program("silence", "list", "--all", "--now", TWO_WEEKS_LATER).out
    person = program("why-not", "zoë", "--now", MONDAY).out
    assert "A silence of metric citations and person Zoë 0 王 holds until 2026-12-07 09:00 UTC" in person


def test_a_mute_holds_until_somebody_ends_it(program: Program) -> None:
    muted = program("mute", "New Papers", "zoë 0", "--now", MONDAY)
    assert muted.out.startswith("Silence 1: rule “new papers” and person Zoë 0 王, until somebody ends it.\n")
    ended = program("silence", "end", "1", "--now", TWO_WEEKS_LATER)
    assert (ended.code, ended.out) == (0, "Silence 1 (rule “new papers” and person Zoë 0 王) ends now.\n")
    again = program("silence", "end", "1", "--now", "2026-12-09")
    assert again.out.endswith(" had ended on 2026-12-07 09:00 UTC.\n")
    everything = program(
        "silence", "add", "--everything", "--reason", "moving", "--until", "2026-12-24", "--now", MONDAY
    )
    assert everything.out.startswith("Silence 2: everything, until 2026-12-24 23:59 UTC, for another 32 days.\n")


def test_what_cannot_be_meant_is_refused_with_a_suggestion(program: Program) -> None:
    lasting = ("--reason", "why", "--for", "14d")
    for words, said in (
        (("add", *lasting), "say what to silence, or --everything alone"),
        (("add", *lasting, "--everything", "--tag", "rl"), "say what to silence, or --everything alone"),
        (("add", "--reason", "why", "--rule", "metrics"), "a silence has an end"),
        (("add", *lasting, "--until", "2026-12-24", "--rule", "metrics"), "give one of the two"),
        (("add", "--reason", "why", "--until", "2020-01-01", "--rule", "metrics"), "2020-01-01 23:59 UTC is over"),
        (("add", "--reason", "why", "--for", "soon", "--rule", "metrics"), "write 36h, 14d or 2w"),
        (("add", *lasting, "--rule", "metric"), "'--rule': nothing is called 'metric'; did you mean “metrics”?"),
        (("add", *lasting, "--receiver", "termial"), "did you mean “terminal”?"),
        (("add", *lasting, "--kind", "paper.knew"), "did you mean “paper.new”?"),
        (("add", *lasting, "--metric", "citation"), "did you mean “citations”?"),
        (("add", *lasting, "--source", "scholarfed"), "did you mean “scholarfeed”?"),
        (("add", *lasting, "--tag", "rl"), "nothing is called 'rl'; there is none"),
        (("add", *lasting, "--person", "Zoe 0 王"), "near it are: Zoë 0 王"),
        (("end", "9"), "there is no silence 9; none holds now"),
    ):
        ended = program("silence", *words)
        assert ended.code == 2, words
        assert said in " ".join(ended.err.split()), words
    assert "'RULE': nothing is called 'new paper'" in program("mute", "new paper", "zoë").err
    assert program("silence", "list", "--all").out == "There was no silence yet.\n"
