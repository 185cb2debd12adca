"""The section of rules is written anew, and not one other character of the file changes."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flows.config.document import parse_document
from flows.config.error import ConfigError
from flows.config.insert import NoPlaceError
from flows.config.section import section_of
from flows.config.whole import Settings
from flows.rules_text import ChangedMeanwhile, built_in_rules, read_rules, save_rules, try_rules

BEFORE = """\
# My lab.
receivers:
  me: {file: alerts.jsonl}  # here
fetch: {user_agent: me@example.org}
"""
RULES = """\
rules:  # what I want
  # New ones.
  - name: papers
    on: [paper.new,
      paper.late]

  # - name: later

"""
AFTER = """\
# Who it is about.
people:
  - {name: Ada, profiles: [https://www.scholarfeed.org/author/1]}
"""
OTHER = 'rules:\n  - {name: milestones, on: metric.milestone}  # "only"\n'


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SCHOLARWATCH_DATABASE", raising=False)
    path = tmp_path / "scholarwatch.yaml"
    path.write_text(BEFORE + RULES + AFTER, "utf-8")
    return path


def names(settings: Settings) -> list[str]:
    """Of the rules, without what is left over."""
    return [rule.name for rule in settings.rules if not rule.leftover]


@pytest.mark.parametrize(
    ("text", "section"),
    [
        pytest.param(BEFORE + RULES + AFTER, RULES.rstrip("\n") + "\n", id="with the comments in it"),
        pytest.param("rules:\npeople: []\n", "rules:\n", id="without a value"),
        pytest.param("rules: []  # none\n# end\n", "rules: []  # none\n", id="in brackets"),
        pytest.param("rules: [{name: a,\n on: b}]\npeople: []", "rules: [{name: a,\n on: b}]\n", id="over two lines"),
        pytest.param("people: []\nrules:\n- name: a", "rules:\n- name: a", id="at the end, without a line end"),
        pytest.param("rules:\n- name: |\n    a\n\npeople: []\n", "rules:\n- name: |\n    a\n\n", id="a block of text"),
        pytest.param("people: []\n", "", id="not there"),
        pytest.param("# nothing\n", "", id="an empty file"),
    ],
)
def test_the_lines_of_a_section(text: str, section: str) -> None:
    found = section_of(text, "rules")
    assert found.text == section
    assert found.before + found.text + found.after == text


@pytest.mark.parametrize("text", ["{rules: []}", "- rules", "rules"])
def test_a_section_without_lines_of_its_own_is_left_to_its_owner(text: str) -> None:
    with pytest.raises(NoPlaceError, match="each on lines of its own"):
        section_of(text, "rules")


def test_only_the_section_is_written(file: Path) -> None:
    shown = read_rules(file)
    assert (shown.text, shown.first_line) == (RULES.rstrip("\n") + "\n", 5)
    saved = save_rules(file, OTHER.replace("\n", "\r\n"), seen=shown.seen)
    assert names(saved) == ["milestones"]
    assert file.read_text("utf-8") == BEFORE + OTHER + "\n" + AFTER


def test_an_empty_text_brings_the_built_in_rules_back_and_they_can_be_written(file: Path) -> None:
    saved = save_rules(file, " \n", seen=read_rules(file).seen)
    assert "new papers" in names(saved)
    assert file.read_text("utf-8") == BEFORE + "\n" + AFTER
    shown = read_rules(file)
    assert shown.text == ""
    again = save_rules(file, built_in_rules(saved), seen=shown.seen)
    assert [(rule.name, rule.on, rule.every) for rule in again.rules if not rule.leftover] == [
        (rule.name, rule.on, rule.every) for rule in saved.rules if not rule.leftover
    ]


def test_line_ends_stay_as_the_owner_has_them(file: Path) -> None:
    file.write_bytes((BEFORE + RULES + AFTER).replace("\n", "\r\n").encode())
    shown = read_rules(file)
    assert "\r" not in shown.text
    save_rules(file, OTHER, seen=shown.seen)
    assert file.read_bytes() == (BEFORE + OTHER + "\n" + AFTER).replace("\n", "\r\n").encode()


def test_a_file_that_has_changed_meanwhile_is_left_as_it_is(file: Path) -> None:
    shown = read_rules(file)
    file.write_text(BEFORE + RULES + AFTER + "# one more thing\n", "utf-8")
    with pytest.raises(ChangedMeanwhile, match=r"scholarwatch\.yaml: has changed since"):
        save_rules(file, OTHER, seen=shown.seen)
    assert file.read_text("utf-8").endswith("# one more thing\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules:\n  - name: papers\n    on: paper.knew\n", ":7: rules[0].on: "),
        ("rules:\n  - name: papers\n    on: [paper.new\n", "not YAML"),
        ("rules: []\nsources: {}\n", ":5: rules: is all that is edited here"),
        ("- name: papers\n", "not YAML"),
        ("people: []\n", "written twice"),
        (
            "rules: [{name: a, on: paper.new}]\ntags: {rl: {rules: [{name: a, disabled: true}]}}\n",
            "rules: is all that is edited here",
        ),
        ("# nothing\n", ":5: rules: begin with a line “rules:”"),
    ],
)
def test_what_is_not_sound_is_refused_by_the_line_of_the_file(file: Path, text: str, said: str) -> None:
    before = file.read_bytes()
    for attempt in (lambda: try_rules(file, text), lambda: save_rules(file, text, seen=read_rules(file).seen)):
        with pytest.raises(ConfigError) as refused:
            attempt()
        assert said in str(refused.value)
    assert file.read_bytes() == before


def test_an_anchor_that_others_lean_on_is_not_pulled_away(file: Path) -> None:
    text = "rules:\n  - name: &label papers\n    on: paper.new\npeople:\n  - {name: *label, profiles: [URL]}\n"
    text = BEFORE + text.replace("URL", "https://www.scholarfeed.org/author/1")
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="would change other sections, too"):
        save_rules(file, "rules:\n  - name: &label others\n    on: paper.new\n", seen=read_rules(file).seen)
    assert file.read_text("utf-8") == text


def test_rules_that_are_not_sound_can_be_mended(file: Path) -> None:
    file.write_text(BEFORE + "rules:\n  - {name: papers, on: paper.knew}\n" + AFTER, "utf-8")
    assert save_rules(file, OTHER, seen=read_rules(file).seen).rules[0].name == "milestones"


def test_a_file_that_is_no_yaml_says_so_by_its_line(file: Path) -> None:
    file.write_text("receivers: [\n", "utf-8")
    with pytest.raises(ConfigError, match=r"scholarwatch\.yaml:2:1: not YAML"):
        read_rules(file)


_REMARKS = st.sampled_from(["", "# one\n", "\n", "\n# two\n\n"])
_VALUES = st.sampled_from(
    [" []\n", "\n", "\n  - {name: a}\n", "\n- name: a\n  on: b\n", " # x\n  - name: a\n\n  - name: b\n"]
)


@given(
    first=_REMARKS, value=_VALUES, between=_REMARKS, new=_VALUES, last=st.sampled_from(["people: []\n", "tags:\n", ""])
)
def test_whatever_stands_around_a_section_stays(first: str, value: str, between: str, new: str, last: str) -> None:
    text = f"fetch: {{}}\n{first}rules:{value}{between}{last}"
    found = section_of(text, "rules")
    assert f"{found.before}{found.text}{found.after}" == text
    changed = found.replaced(f"rules:{new}")
    assert changed.startswith(f"fetch: {{}}\n{first}rules:")
    assert changed.endswith(between.lstrip("\n") + last if last else "")
    root = parse_document(changed, "file.yaml", {}).root
    assert root["rules"] == yaml.safe_load(f"rules:{new}".replace("on:", '"on":'))["rules"]
