"""docs/rules.md: every example is a sound file, and the tables name what there is."""

import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from alerts.rules import DEFAULT_RULES
from alerts.where_setting import PARTS
from flows.config.document import parse_document
from flows.config.schema import schema
from flows.config.whole import Settings
from flows.settings import load
from tracking.event import EventKind

_PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
_EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", _PAGE, re.MULTILINE | re.DOTALL)
_REST = """
receivers: {me: {terminal: true}, log: {terminal: true}}
fetch: {user_agent: "tests (mailto:me@example.org)"}
"""


def loaded(example: str, folder: Path) -> Settings:
    config = folder / "scholarwatch.yaml"
    config.write_text(example + _REST, "utf-8")
    return load(config)


@pytest.mark.parametrize("example", _EXAMPLES, ids=range(len(_EXAMPLES)))
def test_every_example_is_sound(example: str, tmp_path: Path) -> None:
    assert loaded(example, tmp_path).rules
    Draft202012Validator(schema()).validate(parse_document(example, "rules.md", {}).root)


def test_what_holds_without_rules_is_what_the_page_says(tmp_path: Path) -> None:
    [example] = [text for text in _EXAMPLES if "first looks" in text]
    assert loaded(example, tmp_path).rules == DEFAULT_RULES


def test_the_example_of_inheritance_means_what_the_page_says(tmp_path: Path) -> None:
    [example] = [text for text in _EXAMPLES if "students" in text]
    settings = loaded(example, tmp_path)
    ada = {rule.name: rule for rule in settings.rules_for("ada example", ["Students"])}
    assert ada["citations"].where.metric == ()
    assert ada["citations"].cooldown is None
    assert ada["new papers"].disabled
    assert "moves" not in ada
    assert {rule.name for rule in settings.rules_for("Somebody Else", ["alumni"])} >= {"moves", "citations"}


def test_every_word_of_the_grammar_stands_there() -> None:
    keys = schema()["properties"]["rules"]["items"]["properties"]
    words = {*PARTS, *keys, *EventKind}
    assert sorted(word for word in words if f"`{word}`" not in _PAGE) == []


def test_the_examples_hold_nothing_but_rules() -> None:
    """What the program adds to them in this test must not hide what they lack."""
    sections = {key for text in _EXAMPLES for key in yaml.safe_load(text)}
    assert sections == {"rules", "tags", "people"}
