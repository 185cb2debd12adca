"""``deliver`` says what went out and what did not; ``notify test`` tries every way."""

from datetime import datetime
from typing import Any

import pytest
import yaml

from storage.store import Store
from tests.alerts.feeds import read_feed
from tests.alerts.hooks import SECRET, signed_hook
from tests.alerts.servers import free_port, mail_server
from tests.cli.program import Program
from tests.flows.boxes import NOW, store_news

NIGHT = NOW.replace(hour=23)


def configure(program: Program, **receivers: Any) -> None:
    program.write("scholarwatch.yaml", yaml.safe_dump({"people": [], "receivers": receivers}))


def waits(program: Program, receiver: str, *titles: str) -> None:
    """A message for each title."""
    with Store.open(str(program.folder / "scholarwatch.db")) as store:
        for number, title in enumerate(titles):
            at = NOW.replace(minute=number)
            store_news(store, receiver, title, at=at)
            store.undelivered(at)


def deliver(program: Program, at: datetime) -> tuple[int, list[str]]:
    ended = program("deliver", "--now", at.isoformat())
    return ended.code, ended.out.splitlines()


def test_in_quiet_hours_it_says_so(program: Program) -> None:
    configure(program, me={"file": "alerts.jsonl", "quiet": "22:00-07:00", "timezone": "UTC"})
    waits(program, "me", "On Bees")
    assert deliver(program, NIGHT) == (
        0,
        ["  me: nothing goes out until 2026-11-24 07:00 UTC (its quiet hours)."],
    )
    assert deliver(program, NIGHT.replace(day=24, hour=7)) == (0, ["1 of 1 message delivered."])
    assert deliver(program, NIGHT.replace(day=24, hour=8)) == (0, ["Nothing waits to be delivered."])


def test_what_is_not_tried_and_what_is_switched_off(program: Program) -> None:
    with signed_hook() as hook:
        hook.status = 404
        configure(program, hook={"webhook": hook.url, "secret": SECRET})
        waits(program, "hook", "On Bees", "On Wasps", "On Hornets", "On Ants")
        code, lines = deliver(program, NIGHT)
        assert (code, lines[0]) == (1, "0 of 4 messages delivered.")
        assert lines[1].startswith("  hook: the hook answered 404 (next try 2026-11-23 23:0")
        assert lines[3:] == [
            "  hook: the hook answered 404 (it is switched off, and what is for it waits)",
            "  1 other message to the same receivers will be tried next time.",
        ]
        assert deliver(program, NIGHT.replace(day=25)) == (
            0,
            [
                "  hook: nothing goes out for now (switched off on 2026-11-23 23:00 UTC: the hook answered 404).",
            ],
        )
        hook.status = 204
        # Another configuration is tried anew.
        configure(program, hook={"webhook": hook.url, "secret": [SECRET, SECRET]})
        assert deliver(program, NIGHT.replace(day=26)) == (0, ["4 of 4 messages delivered."])
        assert len(set(hook.ids)) == 4


@pytest.mark.parametrize("way", ["mail", "webhook", "feed", "file", "terminal"])
def test_every_way_is_tried_out(program: Program, way: str) -> None:
    with mail_server() as server, signed_hook() as hook:
        mail = {"to": "me@example.org", "from": "watch@example.org", "server": f"smtp://127.0.0.1:{server.port}"}
        ways: dict[str, dict[str, Any]] = {
            "mail": {"mail": mail | {"insecure": True, "attach": ["bibtex"]}},
            "webhook": {"webhook": hook.url, "secret": SECRET},
            "feed": {"feed": "feeds", "feed_authority": "example.org"},
            "file": {"file": "alerts.jsonl"},
            "terminal": {"terminal": True},
        }
        configure(program, me=ways[way])
        ended = program("notify", "test", "me")
        assert (ended.code, ended.out.splitlines()[-1]) == (0, "me: delivered.")
        match way:
            case "mail":
                assert [part.get_filename() for part in server.received[0].iter_attachments()] == ["papers.bib"]
            case "webhook":
                assert len(hook.taken[0]["data"]["items"]) == 4
            case "feed":
                assert len(read_feed(program.folder / "feeds/all").entries) == 4
            case "file":
                assert "paper.new" in (program.folder / "alerts.jsonl").read_text("utf-8")
            case "terminal":
                assert "A made-up paper, to see that messages arrive" in ended.out


def test_a_mail_server_that_is_not_there(program: Program) -> None:
    mail = {"to": "me@example.org", "from": "a@b.org", "server": f"smtp://ada:s3cret@127.0.0.1:{free_port()}"}
    configure(program, me={"mail": mail})
    ended = program("notify", "test", "me")
    assert ended.code == 1
    assert "Connection refused" in ended.out
    assert "s3cret" not in ended.out + ended.err
