"""Which events a rule asks for, and the reason it gives."""

from dataclasses import replace
from typing import Any

import pytest

from alerts.case import Case
from alerts.matching import RuleSet
from alerts.rules import DEFAULT_RULES, Rule, parse_rules
from alerts.subject import Subject
from tests.alerts.examples import ADA, PAPER, metric_event, paper_event, profile_event
from tracking.event import Event, EventKind
from tracking.reading import Published

BARE_PAPER = replace(PAPER, category=None, has_code=None, score=None, abstract=None)
CUT = replace(PAPER, authors_complete=False)
AT = replace(PAPER, institutions=("Google DeepMind", "Smithsonian"))
ENRICHED = paper_event(EventKind.PAPER_ENRICHED, field="score", before=90, after=98.1)


def rule(*kinds: str, **where: Any) -> Rule:
    return parse_rules([{"name": "mine", "on": list(kinds), "where": where}])[0]


def matches(rule: Rule, event: Event, subject: Subject) -> str | None:
    """Why the rule asks for the event; None: it does not."""
    case = Case(event=event, subject=subject)
    on = RuleSet([rule]).about(subject).on_event(event)
    return next((one.why(case) for one in (*on.forgetful(event.paper), *on.remembering) if one.asks(case)), None)


@pytest.mark.parametrize(
    ("where", "event", "reason"),
    [
        pytest.param({}, paper_event(), "a new paper", id="no-part"),
        pytest.param({"category": ["CL", "lg"]}, paper_event(), "a new paper, category LG", id="category"),
        pytest.param({"category": "CL"}, paper_event(), None, id="other-category"),
        pytest.param({"category": "LG"}, paper_event(paper=BARE_PAPER), None, id="no-category"),
        pytest.param({"title": "verif(y|ier)"}, paper_event(), "a new paper, title has “Verifier”", id="title"),
        pytest.param({"title": "reward"}, paper_event(), None, id="other-title"),
        pytest.param({"title": "Waiting"}, paper_event(paper=None, paper_title="On Waiting"), "a new paper, title has “Waiting”", id="title-of-the-event"),
        pytest.param({"abstract": "WAIT"}, paper_event(), "a new paper, abstract has “wait”", id="abstract"),
        pytest.param({"abstract": "."}, paper_event(paper=BARE_PAPER), None, id="no-abstract"),
        pytest.param({"has_code": True}, paper_event(), "a new paper, with code", id="code"),
        pytest.param({"has_code": False}, paper_event(), None, id="not-without-code"),
        pytest.param({"has_code": False}, paper_event(paper=replace(PAPER, has_code=False)), "a new paper, without code", id="without-code"),
        pytest.param({"has_code": False}, paper_event(paper=BARE_PAPER), None, id="code-unknown"),
        pytest.param({"person": "ada  MORENO"}, paper_event(), "a new paper, person Ada Moreno", id="person"),
        pytest.param({"person": "Bo Lindqvist"}, paper_event(), None, id="other-person"),
        pytest.param({"tag": ["RL", "zürich", "x"]}, paper_event(), "a new paper, tag rl and Zürich", id="tags"),
        pytest.param({"tag": "vision"}, paper_event(), None, id="other-tag"),
        pytest.param({"source": "scholarfeed"}, paper_event(), "a new paper, source scholarfeed", id="source"),
        pytest.param({"source": "other"}, paper_event(), None, id="other-source"),
        pytest.param({"score": ">= 90"}, paper_event(), "a new paper, score 98.1, at least 90 was asked", id="score"),
        pytest.param({"score": "> 98.1"}, paper_event(), None, id="score-too-low"),
        pytest.param({"score": "< 90"}, paper_event(paper=BARE_PAPER), None, id="no-score"),
        pytest.param({"category": "LG", "has_code": True, "title": "reward"}, paper_event(), None, id="all-parts-must-hold"),
        pytest.param({"metric": "citations"}, metric_event("citations", 1204, 1311), "citations rose by 107, metric citations", id="metric"),
        pytest.param({"metric": ["papers", "h-index"]}, metric_event("h_index", 30, 29), "h-index fell by 1, metric h-index", id="metric-words"),
        pytest.param({"metric": "citations"}, metric_event("papers", 1, 2), None, id="other-metric"),
        pytest.param({}, metric_event("citations_in_2026", 10, 90), None, id="of-a-year"),
        pytest.param({"delta": ">= 1"}, metric_event("papers_in_2026", 10, 90), None, id="of-a-year-by-size"),
        pytest.param({"metric": "citations in 2026"}, metric_event("citations_in_2026", 10, 90), "citations in 2026 rose by 80, metric citations in 2026", id="of-a-year-by-name"),
        pytest.param({}, metric_event("citations_since_2021", 10, 90), "citations since 2021 rose by 80", id="of-a-window"),
        pytest.param({}, paper_event(EventKind.PAPER_ENRICHED, field="source", before="arxiv", after="openalex"), "a paper that arxiv has shown before", id="second-source"),
        pytest.param({"metric": "score"}, ENRICHED, None, id="a-field-of-a-paper-is-no-metric"),
        pytest.param({"delta": ">= 100"}, metric_event("citations", 1204, 1311), "citations rose by 107, at least 100 was asked", id="delta"),
        pytest.param({"delta": ">= 108"}, metric_event("citations", 1204, 1311), None, id="delta-too-small"),
        pytest.param({"delta": ">= 1"}, metric_event("citations", None, 1311), None, id="delta-of-nothing-before"),
        pytest.param({"delta": "< 0"}, metric_event("citations", 1311, None), None, id="delta-to-nothing"),
        pytest.param({"delta": ">= 0"}, metric_event("x", True, True), None, id="delta-of-no-number"),
        pytest.param({"delta": ">= 5"}, ENRICHED, "score rose by 8.1, at least 5 was asked", id="delta-of-a-score"),
        pytest.param({"delta": ">= 1"}, paper_event(), None, id="delta-of-a-paper"),
        pytest.param({"coauthor": "Lindqvist, B."}, paper_event(), "a new paper, coauthor Bo Lindqvist", id="coauthor"),
        pytest.param({"coauthor": ["C. Okafor", "Ada Moreno"]}, paper_event(), "a new paper, coauthor Ada Moreno", id="coauthors"),
        pytest.param({"coauthor": "C. Okafor"}, paper_event(), None, id="no-coauthor"),
        pytest.param({"coauthor": "C. Okafor", "if_missing": "match"}, paper_event(), None, id="no-coauthor-in-a-whole-list"),
        pytest.param({"coauthor": "C. Okafor", "if_missing": "match"}, paper_event(paper=CUT), "a new paper, not all authors are known, and C. Okafor is not among those who are", id="perhaps-a-coauthor"),
        pytest.param({"coauthor": "Bo Lindqvist"}, paper_event(paper=CUT), "a new paper, coauthor Bo Lindqvist", id="coauthor-in-a-cut-list"),
        pytest.param({"institution": "deepmind"}, paper_event(paper=AT), "a new paper, institution Google DeepMind", id="institution"),
        pytest.param({"institution": "MIT"}, paper_event(paper=AT), None, id="no-part-of-a-word"),
        pytest.param({"institution": "MIT"}, paper_event(), None, id="no-institution-shown"),
        pytest.param({"published_within": "1d"}, paper_event(), "a new paper, published 2026-05-12, within 1 day was asked", id="published"),
        pytest.param({"published_within": "7d"}, paper_event(paper=replace(PAPER, published=Published(2026, 5))), "a new paper, published 2026-05, within 7 days was asked", id="published-perhaps-today"),
        pytest.param({"published_within": "11d"}, paper_event(paper=replace(PAPER, published=Published(2026, 5, 1))), None, id="published-earlier"),
        pytest.param({"published_within": "12d"}, paper_event(paper=replace(PAPER, published=None)), None, id="published-unknown"),
        pytest.param({"all": [{"title": "verifier"}, {"title": "agent"}]}, paper_event(), "a new paper, title has “Verifier”, title has “Agent”", id="all"),
        pytest.param({"all": [{"title": "verifier"}, {"title": "reward"}]}, paper_event(), None, id="not-all"),
        pytest.param({"any": [{"title": "reward"}, {"has_code": True}]}, paper_event(), "a new paper, with code", id="any"),
        pytest.param({"any": [{"title": "reward"}, {"has_code": False}]}, paper_event(), None, id="not-any"),
        pytest.param({"any": [{"title": "verifier"}, {"has_code": True}], "tag": "rl"}, paper_event(), "a new paper, tag rl, title has “Verifier”, with code", id="any-beside-a-part"),
        pytest.param({"not": {"category": ["CV", "RO"]}}, paper_event(), "a new paper, the category is LG, not CV or RO", id="not"),
        pytest.param({"not": {"category": "LG"}}, paper_event(), None, id="not-so"),
        pytest.param({"not": {"category": "LG"}}, paper_event(paper=BARE_PAPER), None, id="not-known"),
        pytest.param({"not": {"category": "LG"}, "if_missing": "match"}, paper_event(paper=BARE_PAPER), "a new paper, the category is not known", id="not-known-and-taken"),
        pytest.param({"not": {"category": "LG", "if_missing": "match"}}, paper_event(paper=BARE_PAPER), None, id="the-innermost-settles-it"),
        pytest.param({"not": {"category": "LG", "if_missing": "skip"}}, paper_event(paper=BARE_PAPER), "a new paper, the category is not known", id="the-innermost-settles-it-otherwise"),
        pytest.param({"not": {"not": {"category": "LG"}}}, paper_event(), "a new paper, category LG", id="not-not"),
        pytest.param({"not": {"category": "LG", "has_code": False}}, paper_event(), "a new paper, it has code", id="not-both"),
        pytest.param({"score": ">= 90", "if_missing": "match"}, paper_event(paper=BARE_PAPER), "a new paper, the score is not known", id="if-missing"),
        pytest.param({"any": [{"score": ">= 90"}, {"has_code": True}]}, paper_event(paper=replace(PAPER, score=None)), "a new paper, with code", id="any-although-one-is-unknown"),
        pytest.param({"metric": "citations"}, profile_event(EventKind.SOURCE_RECOUNT, field="citations", after="…"), "a source has counted anew, metric citations", id="metric-of-a-recount"),
        pytest.param({"not": {"metric": "citations_in_2026"}}, metric_event("citations_in_2026", 10, 90), None, id="of-a-year-kept-out"),
        pytest.param({"any": [{"metric": "citations in 2026"}, {"has_code": True}]}, metric_event("citations_in_2026", 10, 90), "citations in 2026 rose by 80, metric citations in 2026", id="of-a-year-by-name-within"),
        pytest.param({"category": "LG"}, metric_event("citations", 1, 2), None, id="category-of-a-metric"),
        pytest.param({"has_code": True}, metric_event("citations", 1, 2), None, id="code-of-a-metric"),
        pytest.param({"score": ">= 0"}, metric_event("citations", 1, 2), None, id="score-of-a-metric"),
        pytest.param({"title": "."}, metric_event("citations", 1, 2), None, id="title-of-a-metric"),
    ],
)  # fmt: skip
def test_where(where: dict[str, Any], event: Event, reason: str | None) -> None:
    asking = rule("paper.new", "paper.enriched", "metric.changed", "source.recount", **where)
    assert matches(asking, event, ADA) == (reason and f"rule “mine”: {reason}")


@pytest.mark.parametrize(
    ("where", "event", "why"),
    [
        pytest.param({"category": ["LG", "CL"]}, paper_event(paper=replace(PAPER, category="CV")), "the category is CV, LG or CL was asked", id="category"),
        pytest.param({"category": ["A", "B", "C", "D", "E", "F", "G"]}, paper_event(), "the category is LG, A, B, C, D, E or 2 more was asked", id="many-categories"),
        pytest.param({"category": "LG"}, paper_event(paper=BARE_PAPER), "the category is not known", id="no-category"),
        pytest.param({"category": "LG"}, metric_event("citations", 1, 2), "it is about no paper", id="no-paper"),
        pytest.param({"person": "Bo"}, paper_event(), "the person is Ada Moreno, Bo was asked", id="person"),
        pytest.param({"tag": "nlp"}, paper_event(), "the tags are rl and Zürich, nlp was asked", id="tags"),
        pytest.param({"source": "arxiv"}, paper_event(), "the source is scholarfeed, arxiv was asked", id="source"),
        pytest.param({"metric": ["citations", "h-index"]}, metric_event("ai_score", 1, 2), "the metric is AI score, citations or h-index was asked", id="metric"),
        pytest.param({"metric": "citations"}, paper_event(), "it is about no metric", id="no-metric"),
        pytest.param({"delta": ">= 100"}, metric_event("citations", 1204, 1207), "citations rose by 3, at least 100 was asked", id="delta"),
        pytest.param({"delta": ">= 1%, below 1000: >= 10"}, metric_event("citations", 30, 33), "citations rose by 3, at least 10 below 1,000 was asked", id="delta-by-size"),
        pytest.param({"delta": ">= 100"}, metric_event("citations", None, 1207), "it is no step of a number", id="no-delta"),
        pytest.param({"has_code": True}, paper_event(paper=replace(PAPER, has_code=False)), "it has no code", id="code"),
        pytest.param({"has_code": True}, paper_event(paper=BARE_PAPER), "it is not known whether it has code", id="code-unknown"),
        pytest.param({"score": ">= 99"}, paper_event(), "the score is 98.1, at least 99 was asked", id="score"),
        pytest.param({"score": ">= 99"}, paper_event(paper=BARE_PAPER), "the score is not known", id="score-unknown"),
        pytest.param({"published_within": "7d"}, paper_event(paper=replace(PAPER, published=Published(2024))), "it was published 2024, within 7 days was asked", id="published"),
        pytest.param({"institution": ["MIT", "ETH"]}, paper_event(paper=AT), "the institutions are Google DeepMind and Smithsonian, MIT or ETH was asked", id="institution"),
        pytest.param({"institution": "MIT"}, paper_event(), "the institutions are not known", id="institution-unknown"),
        pytest.param({"coauthor": ["C. Okafor", "D. Petit"]}, paper_event(), "C. Okafor or D. Petit is not among the authors", id="coauthor"),
        pytest.param({"title": "reward"}, paper_event(), "the title has no “reward”", id="title"),
        pytest.param({"abstract": "reward"}, paper_event(paper=BARE_PAPER), "the abstract is not known", id="abstract"),
        pytest.param({"category": "CV", "title": "reward"}, paper_event(), "the category is LG, CV was asked", id="the-first-is-enough"),
        pytest.param({"any": [{"category": "CV"}, {"title": "reward"}]}, paper_event(), "the category is LG, CV was asked, and the title has no “reward”", id="any"),
        pytest.param({"any": [{"category": "CV"}, {"title": "reward"}]}, paper_event(paper=BARE_PAPER), "the category is not known", id="any-unknown"),
        pytest.param({"not": {"category": "LG"}}, paper_event(), "category LG, which is kept out", id="not"),
        pytest.param({"not": {"any": [{"category": "LG"}, {"has_code": True}]}}, paper_event(), "category LG, which is kept out, with code, which is kept out", id="not-any"),
        pytest.param({"delta": ">= 1"}, metric_event("papers_in_2026", 10, 90), "papers in 2026 is told where a rule names it", id="of-a-year"),
    ],
)  # fmt: skip
def test_why_not(where: dict[str, Any], event: Event, why: str) -> None:
    [matcher] = RuleSet([rule("paper.new", "metric.changed", **where)]).on(event.kind)
    case = Case(event=event, subject=ADA)
    assert not matcher.asks(case)
    assert matcher.why_not(case) == why


@pytest.mark.parametrize(
    ("event", "fact"),
    [
        (paper_event(EventKind.PAPER_LATE), "an older paper, listed for the first time"),
        (paper_event(EventKind.PAPER_RETITLED, field="title", before="A", after="B"), "a new title"),
        (ENRICHED, "score rose by 8.1"),
        (paper_event(EventKind.PAPER_ENRICHED, field="score", before=None, after=98.1), "score appeared"),
        (paper_event(EventKind.PAPER_ENRICHED, field="has_code", before=False, after=True), "has code changed"),
        (paper_event(EventKind.PAPER_ENRICHED), "the paper appeared"),
        (metric_event("novelty", 0.55, 0.56), "novelty rose by 1 point"),
        (metric_event("citations", 5, None), "citations no longer shown"),
        (metric_event("citations", 9000, 8000, kind=EventKind.METRIC_RECOUNT), "citations fell by 1,000"),
        (profile_event(EventKind.PROFILE_SUSPECT), "a page that cannot be believed"),
    ],
)
def test_facts(event: Event, fact: str) -> None:
    assert matches(rule(event.kind), event, ADA) == f"rule “mine”: {fact}"


@pytest.mark.parametrize("kind", list(EventKind))
def test_a_rule_is_silent_on_all_other_kinds(kind: EventKind) -> None:
    event = profile_event(kind)
    assert matches(rule(kind), event, ADA) is not None
    others = [other for other in EventKind if other is not kind]
    assert matches(rule(*others), event, ADA) is None


def test_a_pattern_that_cannot_be_decided_holds_and_says_so() -> None:
    event = paper_event(paper=replace(PAPER, title="a" * 200 + "!"))
    reason = matches(rule("paper.new", title="(a|aa)+$"), event, ADA)
    assert reason == "rule “mine”: a new paper, title perhaps has “(a|aa)+$”, which took too long to find out"


def test_a_long_find_is_quoted_short() -> None:
    event = paper_event(paper=replace(PAPER, abstract="x" * 5000))
    reason = matches(rule("paper.new", abstract=".+"), event, ADA)
    assert reason == f"rule “mine”: a new paper, abstract has “{'x' * 59}…”"


@pytest.mark.parametrize(
    ("event", "asked"),
    [
        pytest.param(paper_event(), ["new papers"], id="new"),
        pytest.param(paper_event(EventKind.PAPER_LATE), [], id="late"),
        pytest.param(ENRICHED, [], id="enriched"),
        pytest.param(paper_event(EventKind.PAPER_REMOVED), [], id="removed"),
        pytest.param(profile_event(EventKind.PROFILE_BASELINE, after=50), ["first looks"], id="baseline"),
        pytest.param(profile_event(EventKind.PROFILE_SUSPECT), ["suspect pages"], id="suspect"),
        pytest.param(profile_event(EventKind.SOURCE_DRIFT, after="…"), ["changed layouts"], id="drift"),
        pytest.param(profile_event(EventKind.HOST_DOWN, after="…"), ["hosts"], id="down"),
        pytest.param(profile_event(EventKind.HOST_BACK, after="…", field="robots"), ["hosts"], id="back"),
        pytest.param(profile_event(EventKind.PROFILE_RENAMED), [], id="renamed"),
        pytest.param(metric_event("citations", 17576, 17752), ["metrics"], id="one-percent"),
        pytest.param(metric_event("citations", 17576, 17751), [], id="less-than-one-percent"),
        pytest.param(metric_event("citations", 990, 1000), ["metrics"], id="ten-below-a-thousand"),
        pytest.param(metric_event("h_index", 29, 30), [], id="one-below-a-thousand"),
        pytest.param(metric_event("citations", 20000, 10000), [], id="fall"),
        pytest.param(metric_event("citations", None, 20000), [], id="appeared"),
        pytest.param(metric_event("h_index", 29, 30, kind=EventKind.METRIC_MILESTONE), ["milestones"], id="milestone"),
        pytest.param(metric_event("citations", 9, 3, kind=EventKind.METRIC_RECOUNT), [], id="recount"),
        pytest.param(profile_event(EventKind.SOURCE_RECOUNT, field="citations"), ["recounts"], id="recount-of-all"),
        pytest.param(profile_event(EventKind.PROFILE_STALE, after="…"), ["operations"], id="stale"),
        pytest.param(profile_event(EventKind.RECEIVER_OFF, after="…"), ["operations"], id="receiver-off"),
    ],
)
def test_default_rules(event: Event, asked: list[str]) -> None:
    assert [item.name for item in DEFAULT_RULES if matches(item, event, ADA)] == asked


def test_a_leftover_rule_is_on_what_no_other_is() -> None:
    silent = parse_rules([{"name": "mine", "on": "run.missed", "disabled": True}])
    rules = RuleSet([*silent, *DEFAULT_RULES])
    assert [one.rule.name for one in rules.on(EventKind.PROFILE_STALE)] == ["operations"]
    assert rules.on(EventKind.RUN_MISSED) == ()
