"""What the README and the other pages tell people to type is what the program takes."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from cli.main import app
from tests.cli.verbs import verbs

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CALL = re.compile(r"^(?:\$ )?(?:\S*/)?scholarwatch +(.*)$")


def examples(page: Path) -> list[str]:
    """The lines of fenced blocks that call the program, from its first word on."""
    return list(_calls(page.read_text("utf-8")))


def _calls(text: str) -> Iterator[str]:
    for block in _FENCE.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            if call := _CALL.match(line.strip()):
                yield call.group(1)


def complaint_about(line: str) -> str | None:
    """What the program's parser has against a command line; None when it is one that can be typed.

    Raises the parser's own error for an option that there is not.
    """
    words = shlex.split(re.split(r" [|>&] ?| && ", line)[0], comments=True)
    command = typer.main.get_command(app)
    _, words, _ = command.make_parser(command.context_class(command)).parse_args(words)
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return f"no such verb: {words[0]}"
        command = command.commands[words.pop(0)]
    if "--help" in words or "--version" in words:
        return None
    # Files and people of an example do not exist here: only the form is looked at.
    options, rest, _ = command.make_parser(command.context_class(command)).parse_args(words)
    missing = [part.name for part in command.params if part.required and options.get(part.name) in (None, (), [])]
    return f"missing: {missing}" if missing else f"left over: {rest}" if rest else None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_on_the_page_can_be_typed(page: Path) -> None:
    assert {line: complaint for line in examples(page) if (complaint := complaint_about(line))} == {}


def test_the_readme_follows_a_first_person() -> None:
    told = [line.split()[0] for line in examples(ROOT / "README.md")]
    assert [verb for verb in ("init", "follow", "run") if verb in told] == ["init", "follow", "run"]


@pytest.mark.parametrize("words", verbs())
def test_every_verb_is_on_some_page(words: str) -> None:
    pages = "\n".join(page.read_text("utf-8") for page in PAGES)
    assert re.search(rf"(scholarwatch |`|\| ){words}\b", pages)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("run --now 2026-11-22T09:00 --json", None),
        ("follow https://www.scholarfeed.org/author/1 https://www.scholarfeed.org/author/2 --tag a --tag b", None),
        ("events --json | head -1", None),
        ("notify test me  # a comment", None),
        ("parse page.html", "missing: ['source']"),
        ("show", "missing: ['person']"),
        ("people somebody", "left over: ['somebody']"),
        ("walk", "no such verb: walk"),
        ("notify tset", "no such verb: tset"),
    ],
    ids=lambda value: value,
)
def test_a_wrong_example_would_be_found(line: str, complaint: str | None) -> None:
    assert complaint_about(line) == complaint


def test_an_unknown_option_would_be_found() -> None:
    with pytest.raises(Exception, match="--nwo"):
        complaint_about("run --nwo 2026-11-22")
