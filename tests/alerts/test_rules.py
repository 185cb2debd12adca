"""Rules as the configuration writes them."""

from fractions import Fraction
from typing import Any

import pytest

from alerts.delta import Comparison, Threshold
from alerts.pattern import Pattern
from alerts.rules import DEFAULT_RULES, Every, Rule, RuleError, Where, parse_rules
from tracking.event import EventKind


def rule(**changes: Any) -> dict[str, Any]:
    return {"name": "a rule", "on": ["paper.new", "metric.changed"]} | changes


def test_every_part() -> None:
    raw = {
        "name": "all of it",
        "on": ["paper.new", "metric.changed"],
        "where": {
            "category": ["LG", "CL"],
            "title": "reward|verifier",
            "abstract": "wait",
            "has_code": True,
            "person": "Ada Moreno",
            "tag": ["rl"],
            "source": "scholarfeed",
            "metric": ["h-index", "AI score"],
            "delta": "abs >= 1,000%",
            "score": ">= 90.5",
        },
        "notify": ["me", "log"],
        "every": "weekly",
    }
    assert parse_rules([raw]) == (
        Rule(
            name="all of it",
            on=frozenset({EventKind.PAPER_NEW, EventKind.METRIC_CHANGED}),
            where=Where(
                category=("LG", "CL"),
                title=Pattern("reward|verifier"),
                abstract=Pattern("wait"),
                has_code=True,
                person=("Ada Moreno",),
                tag=("rl",),
                source=("scholarfeed",),
                metric=("h_index", "ai_score"),
                delta=Threshold(Comparison.AT_LEAST, Fraction(1000), percent=True, absolute=True),
                score=Threshold(Comparison.AT_LEAST, Fraction("90.5")),
            ),
            notify=("me", "log"),
            every=Every.WEEKLY,
        ),
    )


def test_the_least() -> None:
    assert parse_rules([{"name": "new", "on": "paper.new"}]) == (Rule(name="new", on=frozenset({EventKind.PAPER_NEW})),)


def test_no_rules_are_no_rules() -> None:
    assert parse_rules([]) == ()


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        pytest.param(None, "rules: must be a list, not nothing", id="nothing"),
        pytest.param({"name": "x"}, "rules: must be a list, not a mapping", id="mapping"),
        pytest.param(["x"], "rules[0]: must be a mapping", id="text"),
        pytest.param([{"on": "paper.new"}], "rules[0]: “name” is missing", id="no-name"),
        pytest.param([{"name": "x"}], "rules[0]: “on” is missing", id="no-on"),
        pytest.param([rule(), rule()], "rules[1].name: another rule is called “a rule” too", id="same-name"),
        pytest.param([rule(nottify="me")], "rules[0].nottify: unknown key; did you mean “notify”?", id="typo"),
        pytest.param([rule(cooldown="24h")], "rules[0].cooldown: not available yet", id="cooldown"),
        pytest.param([rule(if_missing="match")], "rules[0].if_missing: not available yet", id="if-missing"),
        pytest.param([rule(where={"within": "7d"})], "rules[0].where.within: not available yet", id="within"),
        pytest.param([rule(where={"not": {}})], "rules[0].where.not: not available yet", id="not"),
        pytest.param(
            [rule(where={"titel": "x"})], "rules[0].where.titel: unknown key; did you mean “title”?", id="where-typo"
        ),
        pytest.param([rule(where=[])], "rules[0].where: must be a mapping", id="where-list"),
        pytest.param([rule(on=[])], "rules[0].on: must name at least one", id="on-empty"),
        pytest.param(
            [rule(on=["paper.new", "paper.old"])],
            "rules[0].on[1]: no such kind of event; did you mean “paper.",
            id="on-unknown",
        ),
        pytest.param(
            [rule(every="hourly")], "rules[0].every: no such period; allowed: instant, daily, weekly", id="every"
        ),
        pytest.param([rule(notify=[])], "rules[0].notify: must name at least one", id="notify-empty"),
        pytest.param([rule(notify=[1])], "rules[0].notify[0]: must be text, not a number", id="notify-number"),
        pytest.param([rule(where={"delta": "100"})], "rules[0].where.delta: must be like “>= 100”", id="delta"),
        pytest.param(
            [rule(where={"delta": 100})], "rules[0].where.delta: must be text, not a number", id="delta-number"
        ),
        pytest.param([rule(where={"score": ">= 90%"})], "rules[0].where.score: must be like “>= 90”", id="score"),
        pytest.param([rule(where={"title": "("})], "rules[0].where.title: not a regular expression", id="pattern"),
        pytest.param([rule(where={"has_code": "yes"})], "rules[0].where.has_code: must be true or false", id="flag"),
        pytest.param(
            [rule(where={"category": [False]})],
            "rules[0].where.category[0]: must be text, not true or false",
            id="yaml-no",
        ),
        pytest.param(
            [rule(on="metric.changed", where={"title": "x"})],
            "rules[0].where.title: only events of papers have it",
            id="idle-title",
        ),
        pytest.param(
            [rule(on="paper.new", where={"metric": "papers"})],
            "rules[0].where.metric: only events of metrics have it",
            id="idle-metric",
        ),
        pytest.param(
            [rule(on="paper.new", where={"delta": "> 1"})],
            "rules[0].where.delta: only changes of a number have it",
            id="idle-delta",
        ),
    ],
)
def test_refusals(raw: object, complaint: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rules(raw)
    assert str(caught.value).startswith(complaint)


def test_the_key_path_is_given_for_a_line_number() -> None:
    with pytest.raises(RuleError) as caught:
        parse_rules([rule(), rule(name="b", where={"delta": "many"})])
    assert caught.value.path == ("rules", 1, "where", "delta")


def test_default_rules_reach_everybody() -> None:
    assert [(item.name, item.every, item.notify) for item in DEFAULT_RULES] == [
        ("new papers", Every.INSTANT, ("*",)),
        ("first looks", Every.INSTANT, ("*",)),
        ("metrics", Every.DAILY, ("*",)),
        ("suspect pages", Every.INSTANT, ("*",)),
        ("changed layouts", Every.INSTANT, ("*",)),
        ("hosts", Every.INSTANT, ("*",)),
    ]
    assert all(item.notifies("whoever") for item in DEFAULT_RULES)


def test_a_rule_notifies_those_it_names() -> None:
    named = parse_rules([rule(notify=["me"])])[0]
    assert named.notifies("me")
    assert not named.notifies("log")
