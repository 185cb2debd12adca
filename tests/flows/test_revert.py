"""A run is taken back by somebody who has a configuration: who hears of it, and what waits for whom."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from flows.deliver import deliver
from flows.revert import RevertManifest, revert
from flows.verify import verify_all
from storage.errors import StoreError
from storage.store import Store
from tests.alerts.servers import MailServer, mail_server
from tests.scenarios.story import Story
from tracking.event import EventKind
from world.papers import paper, papers
from world.site import Site

#: Long enough for what need not wait, on a busy machine.
SECONDS = 120


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def story(site: Site, tmp_path: Path, database: str) -> Story:
    """One person with five papers, seen once and told of."""
    story = Story(site, tmp_path, database)
    site.on(story.now.date())
    site.author("Ada Example", papers(5, before=story.yesterday()), key="1", citations=1200)
    story.follow("1")
    assert story.hears() == ["profile.baseline: Ada Example"]
    return story


def publishes(story: Story) -> None:
    story.site.add_paper("1", paper("A New Thing", published=story.yesterday()))
    story.site.set_metric("1", "citations", 1311)


def take_back(story: Story, run: str = "latest", *, dry_run: bool = False) -> RevertManifest:
    with Store.open(story.settings.database) as store:
        run_id = store.find_run(run).run_id
        return revert(store, story.settings, run_id, story.now, dry_run=dry_run)


def test_34_by_mail(story: Story) -> None:
    with mail_server() as server:
        by_mail(story, server)
        publishes(story)
        story.check()
        story.deliver()
        assert [mail["Subject"] for mail in server.received] == ["1 new paper and 1 changed metric of Ada Example"]
        assert take_back(story).reverted.corrections == {"me": 2}
        story.deliver()
        story.deliver()
        assert [mail["Subject"] for mail in server.received[1:]] == ["2 corrections of Ada Example"]
        body = server.received[1].get_body()
        assert body is not None
        lines = body.get_content().splitlines()
        assert any("Not so after all: new paper “A New Thing”" in line for line in lines)
        assert any("Not so after all: changed metric: Citations 1,200 → 1,311" in line for line in lines)


def by_mail(story: Story, server: MailServer) -> None:
    config = yaml.safe_load(story.config.read_text("utf-8"))
    config["receivers"] = {"me": {"apprise": [server.address]}}
    story.config.write_text(yaml.safe_dump(config), "utf-8")


def test_the_manifest_is_that_of_the_run(story: Story) -> None:
    publishes(story)
    story.check()
    story.deliver()
    manifest = take_back(story)
    with Store.open_existing(story.settings.database) as store:
        newest = store.runs(1)[0]
    assert (newest.kind, newest.state, newest.now) == ("revert", "ok", story.now)
    assert newest.manifest == manifest.to_json()
    assert manifest.to_json()["corrections"] == {"me": 2}
    assert not manifest.is_degraded


def test_whoever_delivers_is_waited_for(story: Story) -> None:
    """What goes out at this very moment was told: it is corrected."""
    publishes(story)
    story.check()
    done: list[RevertManifest] = []
    reverting = threading.Thread(target=lambda: done.append(take_back(story)))
    with Store.open(story.settings.database) as store:
        with store.delivery_lock():
            reverting.start()
            assert take_back(story, dry_run=True).reverted.corrections == {}
            for message in store.undelivered(story.now):
                store.delivered(message.id, story.now)
            reverting.join(0.2)
            assert reverting.is_alive()
        reverting.join(SECONDS)
    [manifest] = done
    assert manifest.reverted.corrections == {"me": 2}


def test_what_is_refused_leaves_no_run_behind(story: Story) -> None:
    take_back(story)
    with Store.open_existing(story.settings.database) as store:
        before = store.runs()
        with pytest.raises(StoreError, match="was taken back on"):
            revert(store, story.settings, before[-1].run_id, story.now)
        assert store.runs() == before


def test_a_run_of_long_ago(story: Story) -> None:
    """What later runs say stays; what they were compared with is another, and so are they."""
    site = story.site
    publishes(story)
    story.check()
    story.deliver()
    with Store.open_existing(story.settings.database) as store:
        wrong = store.find_run("latest").run_id
    site.set_metric("1", "citations", 1212)
    site.add_paper("1", paper("A Newer Thing", published=story.yesterday()))
    assert story.hears() == ["paper.new: A Newer Thing"]
    assert take_back(story, wrong).reverted.corrections == {"me": 1}
    story.deliver()
    assert [item["told"] for item in story.messages()[-1]["items"]] == ["metric.changed"]
    told = [(event.kind, event.paper_title or event.field, event.before, event.after) for event in story.events()]
    assert (EventKind.METRIC_CHANGED, "citations", 1200, 1212) in told
    assert [what for kind, what, *_ in told if kind is EventKind.PAPER_NEW] == ["A New Thing", "A Newer Thing"]
    assert story.hears() == []


def test_what_is_left_can_be_proven(story: Story) -> None:
    publishes(story)
    story.check()
    story.deliver()
    take_back(story)
    story.deliver()
    story.check()
    story.deliver()
    with Store.open_existing(story.settings.database) as store:
        proof = verify_all(store)
    assert proof.failed == 0


def test_a_process_that_dies_before_it_delivers_leaves_the_correction(story: Story) -> None:
    publishes(story)
    story.check()
    story.deliver()
    told = len(story.messages())
    take_back(story)
    story.now += timedelta(days=1)
    with Store.open(story.settings.database) as store:
        deliver(store, story.settings, story.now)
    assert [item["kind"] for item in story.messages()[told]["items"]] == ["profile.corrected"] * 2
