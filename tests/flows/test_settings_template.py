"""The file that ``init`` writes."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from flows.config.template import TEMPLATE, template
from flows.config.whole import Settings
from flows.settings import ConfigError, NewPerson, add_person, load, write_template

_EXAMPLE = re.compile(r"^#(?! )(.*)$|^#( {2,}\S.*)$", re.MULTILINE)
_SECTIONS = re.findall(r"^#?(\w+):", TEMPLATE, re.MULTILINE)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SCHOLARWATCH_CONFIG", raising=False)
    monkeypatch.delenv("SCHOLARWATCH_DATABASE", raising=False)
    monkeypatch.setenv("MAIL_PASSWORD", "word")


def loaded(text: str) -> Settings:
    Path("scholarwatch.yaml").write_text(text, "utf-8")
    return load(None)


def uncommented(text: str) -> str:
    return _EXAMPLE.sub(lambda found: found[1] or found[2] or "", text)


def blocks() -> Mapping[str, str]:
    """The examples of each section, uncommented."""
    found = {}
    for paragraph in TEMPLATE.split("\n\n"):
        example = "\n".join(line for line in uncommented(paragraph).splitlines() if not line.startswith("#"))
        if example:
            found[example.partition(":")[0]] = example + "\n"
    return found


def test_every_section_is_shown():
    assert (
        sorted(blocks())
        == sorted(_SECTIONS)
        == ["cadence", "database", "fetch", "people", "receivers", "retention", "rules", "sources", "tags", "watch"]
    )


def test_as_it_is_it_says_nothing():
    assert loaded(TEMPLATE) == loaded("")


@pytest.mark.parametrize("name", ["database", "fetch", "receivers", "sources", "watch"])
def test_each_example_holds_by_itself(name):
    assert loaded(blocks()[name]).people == ()


def test_the_examples_of_people_hold_together_with_fetch():
    settings = loaded(blocks()["people"] + blocks()["fetch"])

    assert [person.name for person in settings.people] == [None, "Ada Example"]
    assert sum(len(person.profiles) for person in settings.people) == 3


def test_the_examples_of_rules_hold_together_with_receivers():
    settings = loaded(blocks()["rules"] + blocks()["tags"] + blocks()["receivers"])

    assert [rule.name for rule in settings.rules] == ["reward papers with code", "citations", "operations"]
    assert settings.rules_for("Ada", ["lab"]) is not settings.rules_for("Ada", [])


def test_all_examples_at_once():
    settings = loaded(uncommented(TEMPLATE))

    assert len(settings.people) == 2
    assert len(settings.rules) == 3
    assert [receiver.name for receiver in settings.receivers] == ["log", "screen", "me"]
    assert settings.fetch.user_agent == "My Lab (mailto:me@example.org)"
    assert settings.fetch.min_interval_seconds == 5.0


@pytest.mark.parametrize("user_agent", ["Lab (mailto:lab@example.org)", 'The "$5" \\ lab, https://lab.example.org'])
def test_with_a_user_agent_the_first_profile_can_be_followed(user_agent):
    assert loaded(template(user_agent)).fetch.user_agent == user_agent

    add_person(None, NewPerson(urls=("https://www.scholarfeed.org/author/12345",)))

    assert load(None).people[0].profiles[0].key == "12345"
    # The example with the same profile stands below the new entry and is still an example.
    assert "people:\n  - https://www.scholarfeed.org/author/12345\n#  - " in Path("scholarwatch.yaml").read_text()


@pytest.mark.parametrize(
    ("contact", "user_agent"),
    [
        ("lab@example.org", "Scholarwatch (mailto:lab@example.org)"),
        (" mailto:lab@example.org ", "Scholarwatch (mailto:lab@example.org)"),
        ("https://lab.example.org/bot", "Scholarwatch (https://lab.example.org/bot)"),
    ],
)
def test_a_contact_becomes_the_user_agent(contact, user_agent):
    path = write_template(None, contact)

    assert path == Path("scholarwatch.yaml")
    assert path.read_text("utf-8") == template(user_agent)
    assert load(None).fetch.user_agent == user_agent


def test_without_a_contact_the_template_is_written_as_it_is(tmp_path):
    assert write_template(tmp_path / "watch.yaml").read_text("utf-8") == TEMPLATE


@pytest.mark.parametrize("contact", ["Ada", "ada@lab", "lab@example.org\nX-Evil: 1", "büro@example.org"])
def test_what_is_no_contact_writes_nothing(contact):
    with pytest.raises(ConfigError, match="is no mail address and no URL"):
        write_template(None, contact)
    assert not Path("scholarwatch.yaml").exists()


def test_a_file_that_is_there_is_left_as_it_is():
    Path("scholarwatch.yaml").write_text("# mine\n")

    with pytest.raises(ConfigError, match=r"scholarwatch\.yaml: is there already"):
        write_template(None)
    assert Path("scholarwatch.yaml").read_text() == "# mine\n"


def test_a_folder_that_is_not_there():
    with pytest.raises(ConfigError, match="cannot be written: No such file or directory"):
        write_template(Path("nowhere/scholarwatch.yaml"))
