"""What the program says about itself, and how soon."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.verbs import verbs

#: What takes long to import, and is of no use to somebody who asks for help.
HEAVY = {"alembic", "apprise", "bs4", "httpx", "lxml", "prefect", "rich", "sqlalchemy", "sqlmodel", "yaml"}
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("words", verbs())
def test_every_verb_and_every_option_says_what_it_does(words: str, program: Program) -> None:
    ended = program(*words.split(), "--help")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"Usage: scholarwatch {words} ")
    command = verbs()[words]
    assert command.help
    assert [parameter.name for parameter in command.params if not parameter.help] == []


@pytest.mark.parametrize("words", verbs())
def test_verbs_of_the_design_print_json(words: str) -> None:
    assert "--json" in [name for parameter in verbs()[words].params for name in parameter.opts]


def test_overview_shows_the_first_sentence_of_every_verb_in_full(program: Program) -> None:
    ended = program("--help")
    assert ended.code == 0
    for words, command in verbs().items():
        if " " not in words:
            [sentence, *_] = command.help.splitlines()
            assert f"  {words:<10}  {sentence}" in ended.out
    assert "..." not in ended.out.partition("Commands:")[2]


@pytest.mark.parametrize("words", [[], ["notify"], ["quarantine"]], ids=["alone", "notify", "quarantine"])
def test_half_a_command_shows_its_help(words: list[str], program: Program) -> None:
    ended = program(*words)
    assert ended.code == 2
    assert f"Usage: {' '.join(['scholarwatch', *words])} [OPTIONS] COMMAND" in ended.out + ended.err


def test_version(program: Program) -> None:
    ended = program("--version")
    assert (ended.code, ended.err) == (0, "")
    name, _, version = ended.out.strip().partition(" ")
    assert name == "scholarwatch"
    assert version.count(".") == 2


def modules_of(program: str) -> set[str]:
    """The top-level modules that are loaded when a program in a process of its own has ended."""
    listing = f"import sys\ntry:\n    {program}\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", listing], cwd=ROOT, capture_output=True, text=True, timeout=300)
    return {name.partition(".")[0] for name in done.stderr.split()}


def test_help_imports_nothing_heavy() -> None:
    modules = modules_of("sys.argv = ['scholarwatch', 'run', '--help']; from cli.main import main; main()")
    assert {"cli", "typer"} <= modules
    assert modules & HEAVY == set()


def test_the_console_script_imports_no_verb_before_one_is_used() -> None:
    """Worker processes import it as well."""
    assert not modules_of("import cli.entry") & {"typer", "rich", "click"}


def test_reading_verbs_import_no_parser_no_client_no_prefect(tmp_path: Path) -> None:
    database = tmp_path / "scholarwatch.db"
    subprocess.run(
        [sys.executable, "-c", f"from storage.store import Store; Store.open({str(database)!r}).close()"],
        cwd=ROOT,
        check=True,
        timeout=300,
    )
    words = ["scholarwatch", "events", "--database", str(database)]
    modules = modules_of(f"sys.argv = {words!r}; from cli.main import main; main()")
    assert "sqlalchemy" in modules
    assert modules & HEAVY <= {"sqlalchemy", "sqlmodel", "yaml"}
