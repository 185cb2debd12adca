"""``outbox`` as somebody uses it who finds that messages do not arrive."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.store import Store
from tests.cli.days import MONDAY, TUESDAY, a_day_goes_by
from tests.cli.followed import alerts, configure
from tests.cli.program import Program
from tests.storage.lived import live
from world.site import Site

WEDNESDAY = "2026-11-25T07:00:00+00:00"


def day(number: int) -> datetime:
    return datetime(2026, 11, number, 9, tzinfo=UTC)


@pytest.fixture
def stuck(site: Site, program: Program) -> str:
    """The file that is written to is a folder: the baseline cannot be told. The id of its message."""
    configure(program.folder, site)
    (program.folder / "alerts.jsonl").mkdir()
    assert program("run", "--now", MONDAY).code == 1
    [message] = program("outbox", "list", "--json").json_lines()
    return str(message["message"])


def mend(folder: Path) -> None:
    (folder / "alerts.jsonl").rmdir()


def test_a_message_that_failed_is_listed_and_tried_again_at_once(stuck: str, program: Program) -> None:
    [message] = program("outbox", "list", "--json").json_lines()
    assert (message["state"], message["tries"], message["receiver"]) == ("retrying", 1, "me")
    assert [item["kind"] for item in message["items"]] == ["profile.baseline"]
    table = program("outbox", "list").out.splitlines()
    assert table[1].split() == [
        "message",
        "receiver",
        "items",
        "made",
        "state",
        "tries",
        "next",
        "try",
        "last",
        "error",
    ]
    assert table[2].startswith(f"{stuck}  me        1      2026-11-23 09:00 UTC  retrying")
    assert "1 message failed so far and will be tried again" in program("status", "--now", MONDAY).out
    mend(program.folder)
    assert program("deliver", "--now", MONDAY).out == "Nothing waits to be delivered.\n"
    retried = program("outbox", "retry", stuck[:5], "--now", MONDAY)
    assert (retried.code, retried.out) == (
        0,
        "To go out with the next delivery: 1 message. Next: scholarwatch deliver\n",
    )
    assert program("deliver", "--now", MONDAY).code == 0
    assert alerts(program.folder)[0]["id"] == stuck
    assert program("outbox", "list").out == "Nothing waits to be delivered.\n"
    assert program("outbox", "retry", "--all").out == "No message waits to be tried.\n"
    [arrived] = program("outbox", "list", "--all", "--json").json_lines()
    assert (arrived["message"], arrived["state"], arrived["delivered_at"]) == (stuck, "delivered", MONDAY)


def test_a_message_that_was_given_up_is_a_trouble_until_it_is_dropped_on_record(stuck: str, program: Program) -> None:
    with Store.open_existing("scholarwatch.db") as store:
        store.failed(stuck, day(24), "no space left", None)
    [dead] = program("outbox", "list", "--dead", "--json").json_lines()
    assert (dead["message"], dead["state"], dead["tries"]) == (stuck, "given_up", 2)
    status = program("status", "--now", "2026-11-30T00:00:00+00:00")
    assert status.code == 1
    assert "will not be tried again: scholarwatch outbox list --dead" in status.out
    [event] = program("events", "--kind", "profile.baseline", "--json").json_lines()
    assert f"scholarwatch outbox retry {stuck}" in program("why", event["id"]).out
    dropped = program("outbox", "drop", stuck, "--reason", "told by hand", "--now", "2026-11-30T10:00:00+00:00")
    assert dropped.code == 0
    assert f"me does not hear of profile.baseline of Zoë Example ({event['id']})." in dropped.out.splitlines()
    assert program("outbox", "list", "--dead").out == "No message was given up.\n"
    [verdict] = program("why", event["id"], "--json").json()["verdicts"]
    assert (verdict["kind"], verdict["state"]) == ("dropped", "none")
    assert verdict["why"].endswith("taken out of the outbox on 2026-11-30 10:00 UTC: told by hand")


def test_what_waits_for_a_digest(site: Site, program: Program) -> None:
    configure(program.folder, site)
    program("run", "--now", MONDAY)
    a_day_goes_by(site)
    program("run", "--now", TUESDAY)
    [item] = program("outbox", "list", "--receiver", "me", "--json").json_lines()
    assert (item["state"], item["kind"], item["digest"], item["not_before"]) == (
        "waiting", "metric.changed", True, "2026-11-25T08:00:00+00:00",
    )  # fmt: skip
    assert "In no message yet:" in program("outbox", "list").out
    assert program("outbox", "retry", item["event"], "--now", WEDNESDAY).out.startswith(
        "To go out with the next delivery: 1 event."
    )
    assert "1 of 1 message delivered." in program("deliver", "--now", WEDNESDAY).out


def test_a_digest_before_its_time(site: Site, program: Program) -> None:
    configure(program.folder, site)
    program("run", "--now", MONDAY)
    a_day_goes_by(site)
    program("run", "--now", TUESDAY)
    wrong = program("digest", "mee", "--now", WEDNESDAY)
    assert wrong.code == 2
    assert "no receiver is called 'mee'; did you mean “me”?" in wrong.err
    assert "1 of 1 message delivered." in program("digest", "me", "--now", WEDNESDAY).out
    assert "Nothing waits to be delivered." in program("digest", "--now", WEDNESDAY).out


def test_wrong_use_of_the_outbox(program: Program) -> None:
    live("scholarwatch.db", days=4, profiles=1)
    for words, said in (
        (("retry",), "say what to try"),
        (("retry", "--all", "--receiver", "me"), "say what to try"),
        (("retry", "zz"), "nothing that waits has an id that begins with “zz”"),
        (("retry", "--receiver", "you"), "nothing ever was for 'you'; allowed: me"),
        (("drop", "zz", "--reason", "why"), "nothing that waits has an id that begins with “zz”"),
        (("drop", "zz"), "Missing option '--reason'"),
    ):
        ended = program("outbox", *words)
        assert ended.code == 2, words
        assert said in ended.err, words
