"""`rules tune`: what is proposed keeps within the budget, and a milder word of it would not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.rehearsal_budget import Budget
from flows.config.whole import Settings
from flows.rehearsal_stage import Wanted
from flows.rehearsing import rehearse
from flows.restated_yaml import lines_to_write, place_of
from flows.settings import load, with_rules_of
from flows.tuning import Proposal, Tuned, tune
from storage.store import Store
from tests.flows.rehearsed import configure, end, live
from tests.storage.builders import day

BUDGET = Budget.parse("3/week")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return live(configure(tmp_path_factory.mktemp("lived")))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open_existing(settings.database) as opened:
        yield opened


def tuned(store: Store, settings: Settings, **wanted: Any) -> list[Tuned]:
    return tune(store, settings, Wanted(**({"until": end()} | wanted)), BUDGET)


def by_key(one: Tuned) -> dict[str, Proposal]:
    return {proposal.change.key: proposal for proposal in one.proposals}


def test_each_key_said_as_mildly_as_is_enough(store: Store, settings: Settings) -> None:
    [citations] = tuned(store, settings)
    assert (citations.rule, citations.messages_a_week) == ("citations", 6)
    proposals = by_key(citations)
    assert {key: (one.change.text, one.instead_of, one.messages_a_week, one.untold) for key, one in proposals.items()} == {
        # What is told of 2, 3, … 7 citations; three days a week have 5 and more.
        "where.delta": (">= 5", ">= 2", 3, 30),
        # The last week is told in the next.
        "every": ("weekly", None, 0.9, 0),
        "cooldown": ("3d", None, 2.3, 40),
    }  # fmt: skip
    assert [one.change.key for one in citations.proposals] == ["every", "where.delta", "cooldown"]
    first, second, third = proposals["where.delta"].examples
    assert [item["after"] - item["before"] for item in (first, second, third)] == [2, 3, 4]


def test_what_is_proposed_does_what_it_says(store: Store, settings: Settings, tmp_path: Path) -> None:
    """Written into the file and rehearsed, it keeps within; one less does not."""
    written = yaml.safe_load(settings.config_path.read_text())["rules"]
    for proposal in tuned(store, settings)[0].proposals:
        [said] = yaml.safe_load("\n".join(lines_to_write(settings, proposal.change)))
        assert said.pop("name") == "citations"
        where = {"where": {**written[1]["where"], **said.pop("where", {})}}
        path = tmp_path / "changed.yaml"
        path.write_text(yaml.safe_dump({"rules": [written[0], {**written[1], **said, **where}]}))
        report = rehearse(
            store,
            with_rules_of(settings, path),
            Wanted(until=end(), rules=("citations",)),
            on_message=lambda _: None,
        )
        assert report.receivers[0].rules["citations"].messages_a_week == proposal.messages_a_week <= 3
    [milder] = tune(store, settings, Wanted(until=end()), Budget.parse("4/week"))
    assert by_key(milder)["where.delta"].change.text == ">= 4"


def test_of_a_part_of_history(store: Store, settings: Settings) -> None:
    """From day 35 on, and of the first three weeks."""
    assert by_key(tuned(store, settings, since=day(35))[0])["where.delta"].untold == 15
    assert by_key(tuned(store, settings, until=day(21))[0])["where.delta"].untold == 9


def test_where_nothing_is_over_the_budget(store: Store, settings: Settings) -> None:
    assert tuned(store, settings, rules=("papers",)) == []


def test_a_score(store: Store, settings: Settings, tmp_path: Path) -> None:
    rules = [{"name": "scored", "on": "paper.new", "where": {"score": "> 0"}}]
    other = load(configure(tmp_path, rules))
    found = tune(store, replace(other, database=settings.database), Wanted(until=end()), Budget.parse("2/month"))
    # Ten papers in ten weeks have scores of 10 to 100.
    assert by_key(found[0])["where.score"].change.text == ">= 70"


def test_a_rule_that_sums_is_rehearsed_with_its_sums(store: Store, settings: Settings, tmp_path: Path) -> None:
    """28 citations a week: of 12 and more since the last time there is something twice a week."""
    rules = [{"name": "sums", "on": "metric.changed", "where": {"delta": ">= 1", "within": "7d"}, "notify": ["me"]}]
    other = replace(load(configure(tmp_path, rules)), database=settings.database)
    proposal = by_key(tune(store, other, Wanted(until=end()), Budget.parse("2/week"))[0])["where.delta"]
    amount = int(proposal.change.text.removeprefix(">= "))
    assert 8 <= amount <= 16
    assert proposal.messages_a_week <= 2


def test_where_no_key_helps(store: Store, settings: Settings, tmp_path: Path) -> None:
    rules = [{"name": "papers", "on": "paper.new", "every": "weekly"}]
    other = replace(load(configure(tmp_path, rules)), database=settings.database)
    [papers] = tune(store, other, Wanted(until=end()), Budget.parse("3/month"))
    assert papers.proposals == ()


def test_built_in_rules_have_to_be_written_down(store: Store, settings: Settings, tmp_path: Path) -> None:
    other = replace(load(configure(tmp_path, None)), database=settings.database)
    [papers] = tune(store, other, Wanted(until=end()), Budget.parse("4/month"))
    [proposal] = papers.proposals
    assert (papers.rule, proposal.change.key, proposal.instead_of) == ("new papers", "every", None)
    assert place_of(other, proposal.change) == f"{other.config_path}: rules"
    lines = lines_to_write(other, proposal.change)
    rules = {rule["name"]: rule for rule in yaml.safe_load("\n".join(lines))["rules"]}
    assert rules["new papers"] == {"name": "new papers", "on": "paper.new", "every": "weekly"}
    assert set(rules) >= {"metrics", "milestones", "hosts"}
    assert "operations" not in rules


def test_where_to_write_it(store: Store, settings: Settings) -> None:
    proposals = by_key(tuned(store, settings)[0])
    lines = settings.config_path.read_text().splitlines()
    stands = lines.index("    delta: '>= 2'") + 1
    begins = lines.index("- name: citations") + 1
    delta, every = (proposals[key].change for key in ("where.delta", "every"))
    assert place_of(settings, delta) == f"{settings.config_path}:{stands}: rules[1]"
    assert place_of(settings, every) == f"{settings.config_path}:{begins}: rules[1]"
    assert lines_to_write(settings, delta) == ["- name: citations", "  where:", "    delta: '>= 5'"]
    assert lines_to_write(settings, every) == ["- name: citations", "  every: weekly"]


def test_a_rule_of_a_tag(store: Store, settings: Settings, tmp_path: Path) -> None:
    """It is tuned where it stands."""
    tags = {"rl": {"rules": [{"name": "rl moves", "on": "metric.changed", "notify": ["me"]}]}}
    config = configure(tmp_path, [{"name": "papers", "on": "paper.new"}], tags=tags)
    other = replace(load(config), database=settings.database)
    [moves] = tune(store, other, Wanted(until=end()), BUDGET)
    proposals = by_key(moves)
    assert (moves.rule, proposals["where.delta"].change.text) == ("rl moves", "abs >= 5")
    assert place_of(other, proposals["every"].change).endswith("tags.rl.rules[0]")
