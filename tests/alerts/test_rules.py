"""Rules as the configuration writes them."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from alerts.delta import Comparison, Threshold
from alerts.pattern import Pattern
from alerts.rules import DEFAULT_RULES, Every, Rule, RuleError, narrowed, parse_entries, parse_rules
from alerts.setting import Setting
from alerts.where import IfMissing, Where
from tracking.event import OPERATIONAL, EventKind

DAY = timedelta(days=1)


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
            "coauthor": "Bo Lindqvist",
            "institution": ["DeepMind"],
            "has_code": True,
            "person": "Ada Moreno",
            "published_within": "60d",
            "tag": ["rl"],
            "source": "scholarfeed",
            "metric": ["h-index", "AI score"],
            "delta": "abs >= 1,000%",
            "within": "1w",
            "score": ">= 90.5",
            "all": [{"title": "one"}, {"title": "two"}],
            "any": [{"category": "LG", "not": {"has_code": False}}],
            "not": {"category": "CV"},
            "if_missing": "match",
        },
        "notify": ["me", "log"],
        "every": "weekly",
        "cooldown": "24h",
        "wait": "30d",
        "disabled": True,
    }
    assert parse_rules([raw]) == (
        Rule(
            name="all of it",
            on=frozenset({EventKind.PAPER_NEW, EventKind.METRIC_CHANGED}),
            where=Where(
                category=("LG", "CL"),
                title=Pattern("reward|verifier"),
                abstract=Pattern("wait"),
                coauthor=("Bo Lindqvist",),
                institution=("DeepMind",),
                has_code=True,
                person=("Ada Moreno",),
                published_within=60 * DAY,
                tag=("rl",),
                source=("scholarfeed",),
                metric=("h_index", "ai_score"),
                delta=Threshold(Comparison.AT_LEAST, Fraction(1000), percent=True, absolute=True),
                within=7 * DAY,
                score=Threshold(Comparison.AT_LEAST, Fraction("90.5")),
                all_of=(Where(title=Pattern("one")), Where(title=Pattern("two"))),
                any_of=(Where(category=("LG",), none_of=Where(has_code=False)),),
                none_of=Where(category=("CV",)),
                if_missing=IfMissing.MATCH,
            ),
            notify=("me", "log"),
            every=Every.WEEKLY,
            cooldown=DAY,
            wait=30 * DAY,
            disabled=True,
        ),
    )


def test_the_least() -> None:
    assert parse_rules([{"name": "new", "on": "paper.new"}]) == (Rule(name="new", on=frozenset({EventKind.PAPER_NEW})),)


def test_no_rules_are_no_rules() -> None:
    assert parse_rules([]) == ()


def nested(depth: int) -> dict[str, Any]:
    return {"not": nested(depth - 1)} if depth > 1 else {"category": "LG"}


def test_five_conditions_may_lie_within_each_other() -> None:
    assert parse_rules([rule(where=nested(5))])


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        pytest.param(None, "rules: must be a list, not nothing", id="nothing"),
        pytest.param({"name": "x"}, "rules: must be a list, not a mapping", id="mapping"),
        pytest.param(["x"], "rules[0]: must be a mapping", id="text"),
        pytest.param([{"on": "paper.new"}], "rules[0]: “name” is missing", id="no-name"),
        pytest.param([{"name": "x"}], "rules[0]: “on” is missing", id="no-on"),
        pytest.param([rule(), rule()], "rules[1].name: another rule is called “a rule” too", id="same-name"),
        pytest.param([rule(), rule(name="A  Rule")], "rules[1].name: another rule is called “A  Rule” too", id="same-name-but-for-case"),
        pytest.param([rule(nottify="me")], "rules[0].nottify: unknown key; did you mean “notify”?", id="typo"),
        pytest.param([rule(cooldown="24")], "rules[0].cooldown: must be a time like 36h, 7d or 2w", id="cooldown"),
        pytest.param([rule(cooldown=24)], "rules[0].cooldown: must be a time like 36h, 7d or 2w", id="cooldown-number"),
        pytest.param([rule(cooldown="0h")], "rules[0].cooldown: must be an hour or more, and a year at most", id="cooldown-none"),
        pytest.param([rule(cooldown=None)], "rules[0].cooldown: must be a time like", id="cooldown-empty"),
        pytest.param([rule(wait="53w")], "rules[0].wait: must be an hour or more, and a year at most", id="wait-long"),
        pytest.param([rule(on="paper.late", wait="30d")], "rules[0].wait: only new papers are waited for", id="wait-idle"),
        pytest.param([rule(disabled="yes")], "rules[0].disabled: must be true or false, not text", id="disabled"),
        pytest.param([rule(if_missing="match")], "rules[0].if_missing: unknown key", id="if-missing-of-the-rule"),
        pytest.param([rule(within="7d")], "rules[0].within: unknown key", id="within-of-the-rule"),
        pytest.param([rule(where={"within": "7d"})], "rules[0].where.within: goes with “delta” beside it", id="within-alone"),
        pytest.param([rule(where={"delta": ">= 1", "within": "7 days"})], "rules[0].where.within: must be a time like", id="within"),
        pytest.param([rule(on="paper.enriched", where={"delta": ">= 1", "within": "7d"})], "rules[0].where.within: only events of metrics have it", id="within-of-a-paper"),
        pytest.param([rule(where={"delta": ">= 1", "any": [{"category": "LG"}, {"within": "7d"}]})], "rules[0].where.any[1].within: goes with “delta” beside it", id="within-elsewhere"),
        pytest.param([rule(where={"not": {}})], "rules[0].where.not: says nothing", id="not-empty"),
        pytest.param([rule(where={"not": {"if_missing": "skip"}})], "rules[0].where.not: says nothing", id="not-almost-empty"),
        pytest.param([rule(where={"not": [{"category": "LG"}]})], "rules[0].where.not: must be a mapping of keys to values, not a list", id="not-list"),
        pytest.param([rule(where={"any": {"category": "LG"}})], "rules[0].where.any: must be a list of conditions", id="any-mapping"),
        pytest.param([rule(where={"any": []})], "rules[0].where.any: must name at least one", id="any-empty"),
        pytest.param([rule(where={"all": [{"category": "LG"}, {"titel": "x"}]})], "rules[0].where.all[1].titel: unknown key; did you mean “title”?", id="all-typo"),
        pytest.param([rule(where={"any": [{"not": {"delta": "lots"}}]})], "rules[0].where.any[0].not.delta: must be like “>= 100”", id="deep-delta"),
        pytest.param([rule(where=nested(6))], "rules[0].where.not.not.not.not.not: conditions lie within each other 5 deep at most", id="too-deep"),
        pytest.param([rule(where={"if_missing": "maybe"})], "rules[0].where.if_missing: must be match or skip", id="if-missing"),
        pytest.param([rule(where={"published_within": "600w"})], "rules[0].where.published_within: must be an hour or more, and 3,660 days at most", id="published-within"),
        pytest.param([rule(where={"titel": "x"})], "rules[0].where.titel: unknown key; did you mean “title”?", id="where-typo"),
        pytest.param([rule(where=[])], "rules[0].where: must be a mapping", id="where-list"),
        pytest.param([rule(where={"category": None})], "rules[0].where.category: must be text, not nothing", id="part-empty"),
        pytest.param([rule(on=[])], "rules[0].on: must name at least one", id="on-empty"),
        pytest.param([rule(on=["paper.new", "paper.old"])], "rules[0].on[1]: no such kind of event; did you mean “paper.", id="on-unknown"),
        pytest.param([rule(every="hourly")], "rules[0].every: no such period; allowed: instant, daily, weekly", id="every"),
        pytest.param([rule(notify=[])], "rules[0].notify: must name at least one", id="notify-empty"),
        pytest.param([rule(notify=[1])], "rules[0].notify[0]: must be text, not a number", id="notify-number"),
        pytest.param([rule(where={"delta": "100"})], "rules[0].where.delta: must be like “>= 100”", id="delta"),
        pytest.param([rule(where={"delta": 100})], "rules[0].where.delta: must be text, not a number", id="delta-number"),
        pytest.param([rule(where={"score": ">= 90%"})], "rules[0].where.score: must be like “>= 90”", id="score"),
        pytest.param([rule(where={"title": "("})], "rules[0].where.title: not a regular expression", id="pattern"),
        pytest.param([rule(where={"has_code": "yes"})], "rules[0].where.has_code: must be true or false", id="flag"),
        pytest.param([rule(where={"category": [False]})], "rules[0].where.category[0]: must be text, not true or false", id="yaml-no"),
        pytest.param([rule(on="metric.changed", where={"title": "x"})], "rules[0].where.title: only events of papers have it", id="idle-title"),
        pytest.param([rule(on="metric.changed", where={"coauthor": "x"})], "rules[0].where.coauthor: only events of papers have it", id="idle-coauthor"),
        pytest.param([rule(on="metric.changed", where={"any": [{"metric": "papers"}, {"has_code": False}]})], "rules[0].where.any[1].has_code: only events of papers have it", id="idle-within-any"),
        pytest.param([rule(on="paper.new", where={"metric": "papers"})], "rules[0].where.metric: only events of metrics have it", id="idle-metric"),
        pytest.param([rule(on="paper.new", where={"delta": "> 1"})], "rules[0].where.delta: only changes of a number have it", id="idle-delta"),
    ],
)  # fmt: skip
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
        ("milestones", Every.INSTANT, ("*",)),
        ("suspect pages", Every.INSTANT, ("*",)),
        ("changed layouts", Every.INSTANT, ("*",)),
        ("recounts", Every.INSTANT, ("*",)),
        ("hosts", Every.INSTANT, ("*",)),
        ("operations", Every.INSTANT, ("*",)),
    ]
    assert all(item.notifies("whoever") for item in DEFAULT_RULES)
    assert DEFAULT_RULES[-1].on == OPERATIONAL


def test_a_rule_notifies_those_it_names() -> None:
    named = parse_rules([rule(notify=["me"])])[0]
    assert named.notifies("me")
    assert not named.notifies("log")


# ---- narrower rules

BROAD = parse_rules(
    [
        {"name": "Citations", "on": "metric.changed", "where": {"metric": "citations", "delta": ">= 100"}, "cooldown": "24h"},
        {"name": "new", "on": "paper.new", "where": {"has_code": True}, "wait": "30d"},
    ]
)  # fmt: skip


def narrow(*raw: dict[str, Any]) -> tuple[Rule, ...]:
    section = Setting(list(raw), ("tags", "students", "rules"), RuleError)
    return narrowed(BROAD, parse_entries(section, narrower=True))


def test_a_narrower_rule_replaces_key_by_key_and_part_by_part() -> None:
    citations, new = narrow({"name": "citations", "where": {"delta": ">= 10"}, "every": "daily"})
    [expected] = parse_rules(
        [
            {
                "name": "Citations",
                "on": "metric.changed",
                "where": {"metric": "citations", "delta": ">= 10"},
                "cooldown": "24h",
                "every": "daily",
            }
        ]
    )
    assert (citations, new) == (expected, BROAD[1])


def test_an_empty_value_takes_away() -> None:
    citations, new = narrow(
        {"name": "citations", "where": {"metric": None}, "cooldown": None}, {"name": "new", "wait": None}
    )
    assert (citations.where.metric, citations.cooldown, new.wait) == ((), None, None)
    assert citations.where.delta is not None


def test_a_new_name_is_added_and_must_be_whole() -> None:
    *_, added = narrow({"name": "moves", "on": "profile.moved"})
    assert (added.name, added.on) == ("moves", {EventKind.PROFILE_MOVED})
    with pytest.raises(RuleError, match=r"^tags.students.rules\[0\]: “on” is missing; no broader rule is “moves”"):
        narrow({"name": "moves", "every": "daily"})


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        pytest.param({"name": "citations", "on": "paper.new"}, "tags.students.rules[0].on: only events of metrics have it", id="parts-of-the-broader-rule"),
        pytest.param({"name": "citations", "where": {"title": "x"}}, "tags.students.rules[0].where.title: only events of papers have it", id="part-of-its-own"),
        pytest.param({"name": "citations", "wait": "7d"}, "tags.students.rules[0].wait: only new papers are waited for", id="wait"),
        pytest.param({"name": "new", "on": "paper.late"}, "tags.students.rules[0].on: only new papers are waited for", id="wait-of-the-broader-rule"),
        pytest.param({"name": "citations", "where": {"delta": None, "within": "7d"}}, "tags.students.rules[0].where.within: goes with “delta”", id="within-without-delta"),
        pytest.param({"name": "new", "every": None}, "tags.students.rules[0].every: must be text, not nothing", id="every-has-no-nothing"),
    ],
)  # fmt: skip
def test_what_a_narrower_rule_must_not_make_of_it(entry: dict[str, Any], complaint: str) -> None:
    with pytest.raises(RuleError) as caught:
        narrow(entry)
    assert str(caught.value).startswith(complaint)
