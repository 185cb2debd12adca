"""Rules for everybody, by tag and by person: what holds for whom, and what is refused where."""

from pathlib import Path

import pytest

from alerts.rules import DEFAULT_RULES, Rule
from flows.config.whole import Settings
from flows.settings import ConfigError, load

URL = "http://127.0.0.1:8099/author"
SOURCES = "sources: {scholarfeed: {hosts: ['127.0.0.1:8099']}}\n"
RULES = """\
rules:
  - {name: new, on: paper.new}
  - {name: citations, on: metric.changed, where: {metric: citations, delta: ">= 100"}}
tags:
  Students:
    rules: [{name: citations, where: {delta: ">= 10"}, every: daily}, {name: new, disabled: true}]
  lab:
    rules: [{name: citations, where: {delta: ">= 5"}}, {name: lab, on: paper.late}]
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHOLARWATCH_CONFIG", raising=False)
    monkeypatch.delenv("SCHOLARWATCH_DATABASE", raising=False)


def configured(text: str) -> Settings:
    Path("scholarwatch.yaml").write_text(SOURCES + text, "utf-8")
    return load(None)


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as raised:
        configured(text)
    return str(raised.value).removeprefix("scholarwatch.yaml:")


def rules_for(settings: Settings, person: str, *tags: str) -> dict[str, Rule]:
    return {rule.name: rule for rule in settings.rules_for(person, tags)}


def delta(rule: Rule) -> str:
    return rule.where.delta.words if rule.where.delta is not None else ""  # type: ignore[union-attr]


def test_tags_narrow_in_the_order_in_which_the_section_lists_them() -> None:
    settings = configured(RULES)
    everybody = rules_for(settings, "Ada")
    assert (set(everybody), delta(everybody["citations"])) == ({"new", "citations", "operations"}, "at least 100")
    student = rules_for(settings, "Ada", "rl", "STUDENTS")
    assert (delta(student["citations"]), student["citations"].every, student["new"].disabled) == (
        "at least 10",
        "daily",
        True,
    )
    assert student["citations"].where.metric == ("citations",)
    for tags in (("lab", "students"), ("students", "lab")):
        both = rules_for(settings, "Ada", *tags)
        assert (delta(both["citations"]), both["citations"].every, both["lab"].name) == ("at least 5", "daily", "lab")


def test_a_person_goes_before_the_tags() -> None:
    people = f"people: [{{name: Ada  Example, tags: lab, profiles: {URL}/1, rules: [{{name: lab, every: weekly}}, {{name: citations, where: {{delta: '>= 1'}}}}]}}]\n"
    settings = configured(people + RULES)
    ada = rules_for(settings, "ada EXAMPLE", "lab")
    assert (delta(ada["citations"]), ada["lab"].every) == ("at least 1", "weekly")
    assert delta(rules_for(settings, "Bo", "lab")["citations"]) == "at least 5"


def test_the_names_of_all_rules() -> None:
    assert configured(RULES).layers.names == ["new", "citations", "operations", "lab"]


def test_the_built_in_rules_are_narrowed_by_name() -> None:
    settings = configured(
        "tags: {quiet: {rules: [{name: metrics, disabled: true}, {name: operations, notify: terminal}]}}"
    )
    assert settings.rules == DEFAULT_RULES
    quiet = rules_for(settings, "Ada", "quiet")
    assert (quiet["metrics"].disabled, quiet["operations"].notify, quiet["operations"].leftover) == (
        True,
        ("terminal",),
        True,
    )


def test_operations_are_built_in_beside_rules_of_the_file() -> None:
    assert [rule.name for rule in configured("rules: [{name: new, on: paper.new}]").rules] == ["new", "operations"]
    [operations, _] = configured("rules: [{name: new, on: paper.new}, {name: operations, disabled: true}]").rules
    assert (operations.name, operations.disabled) == ("operations", True)
    [mine] = configured("rules: [{name: Operations, on: run.missed}]").rules
    assert (mine.on, mine.leftover) == ({"run.missed"}, False)
    assert configured("rules: []").rules == ()


def test_people_for_whom_the_same_is_said_share_their_rules() -> None:
    settings = configured(RULES)
    assert settings.rules_for("Ada", ["lab"]) is settings.rules_for("Bo", ["LAB", "nlp"])
    assert settings.rules_for("Ada", []) is settings.rules_for("Bo", ["nlp"])
    assert settings.rules_for("Ada", ["lab"]) is not settings.rules_for("Ada", [])


def test_many_people_with_rules_of_their_own_are_not_all_kept() -> None:
    people = "".join(
        f"  - {{name: P{n}, profiles: {URL}/{n}, rules: [{{name: citations, where: {{delta: '>= {n}'}}}}]}}\n"
        for n in range(300)
    )
    settings = configured(f"people:\n{people}{RULES}")
    for _ in range(2):
        found = [delta(rules_for(settings, f"P{n}")["citations"]) for n in range(300)]
        assert found == [f"at least {n}" for n in range(300)]
    assert len(settings._rule_sets) < 300


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tags: []\n", "2: tags: must be a mapping of keys to values, not a list"),
        ("tags:\n  lab: {}\n", "3: tags.lab: says nothing; write rules: [{name: …}]"),
        ("tags:\n  lab: {rule: []}\n", "3: tags.lab.rule: unknown key; did you mean “rules”?"),
        ("tags:\n  lab: {rules: []}\n  Lab: {rules: []}\n", "4: tags.Lab: the same tag as one above: they are compared without regard to case"),
        ("tags:\n  lab:\n    rules:\n      - {name: none, every: daily}\n", "5: tags.lab.rules[0]: “on” is missing; no broader rule is “none”"),
        ("tags:\n  lab:\n    rules:\n      - {name: metrics, notify: nobody}\n", "5: tags.lab.rules[0].notify: no receiver is called “nobody”; allowed: terminal"),
        ("tags:\n  lab:\n    rules:\n      - name: metrics\n        where: {title: x}\n", "6: tags.lab.rules[0].where.title: only events of papers have it; “on” names none"),
        (f"people:\n  - profiles: {URL}/1\n    rules: [{{name: metrics, disabled: true}}]\n", "4: people[0].rules: only somebody with a name can have rules; write name: beside them"),
        (f"people:\n  - {{name: A, profiles: {URL}/1, rules: [{{name: metrics, disabled: true}}]}}\n  - {{name: a, profiles: {URL}/2}}\n", "4: people[1]: a has rules, and somebody else is called so, in line 3"),
        (f"people:\n  - {{name: A, profiles: {URL}/1}}\n  - {{name: a, profiles: {URL}/2, rules: [{{name: metrics, disabled: true}}]}}\n", "4: people[1]: a has rules, and somebody else is called so, in line 3"),
        (f"people:\n  - name: A\n    profiles: {URL}/1\n    rules:\n      - {{name: metrics, evry: daily}}\n", "6: people[0].rules[0].evry: unknown key; did you mean “every”?"),
        ("rules:\n  - {name: x, on: paper.new, notify: [terminal, me]}\n", "3: rules[0].notify: no receiver is called “me”; allowed: terminal"),
    ],
)  # fmt: skip
def test_refusals_name_the_line(text: str, message: str) -> None:
    assert refusal(text) == message


def test_what_two_tags_make_of_a_rule_together_is_looked_at_where_somebody_has_both() -> None:
    tags = """
tags:
  one: {rules: [{name: new, on: [paper.new, metric.changed]}]}
  two: {rules: [{name: new, where: {metric: citations}}]}
rules: [{name: new, on: paper.new}]
"""
    assert refusal(tags).startswith("5: tags.two.rules[0].where.metric: only events of metrics have it")
    tags = """
tags:
  one: {rules: [{name: new, where: {has_code: true}}]}
  two: {rules: [{name: new, on: metric.changed}]}
rules: [{name: new, on: paper.new}]
"""
    alone = f"people: [{{name: A, tags: one, profiles: {URL}/1}}, {{name: B, tags: two, profiles: {URL}/2}}]"
    assert configured(alone + tags)
    together = f"people: [{{name: A, tags: [one, two], profiles: {URL}/1}}]"
    assert refusal(together + tags).startswith("5: tags.two.rules[0].on: only events of papers have it")
