"""Every verb of the program, as its parser knows it."""

from typing import Any

import typer

from cli.main import app


def verbs() -> dict[str, Any]:
    """The commands by their words (``run``, ``notify test``), without groups that do nothing by themselves."""
    return dict(_leaves(typer.main.get_command(app), ""))


def _leaves(command: Any, words: str) -> list[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        return [(words, command)]
    itself = [(words, command)] if words and command.invoke_without_command else []
    return itself + [
        leaf for name, part in command.commands.items() for leaf in _leaves(part, f"{words} {name}".strip())
    ]
