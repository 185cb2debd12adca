"""A configuration as it may be kept in the database: without the secrets that stand in it in clear.

Where a secret is written as ``${NAME}``, nothing has to be withheld, and the copy is as good as the file. In the place
of others stands a filler that looks enough like one for the copy to be read; nothing is ever sent with it.
"""

import base64
from collections.abc import Iterator
from typing import Any

from flows.config.document import Document, parse_document
from flows.config.error import ConfigError
from flows.config.secrets import secrets_in

#: As good as a webhook's secret or a password, so that what holds it can be read: 24 bytes in base64.
FILLER = base64.b64encode(b"withheld" * 3).decode()


def keepable(document: Document) -> str | None:
    """The text of a document without secrets in clear; None where they cannot be taken out of it."""
    if not secrets_in(document.root):
        return document.text
    secrets = _in_clear(document)
    text = document.text
    for secret in sorted(secrets, key=lambda secret: (-len(secret), secret)):
        # The path of an address goes with the slash that it begins with.
        text = text.replace(secret, f"/{FILLER}" if secret.startswith("/") else FILLER)
    try:
        left = list(_texts(parse_document(text, document.name, _Anything()).root))
    except ConfigError:
        return None
    # As escapes write it, a secret is not found in the text.
    return None if any(secret in value for value in left for secret in secrets) else text


def is_withheld(text: str) -> bool:
    """True of a part of a configuration in which a secret is missing."""
    return FILLER in text


def _in_clear(document: Document) -> set[str]:
    """The secrets that are no value of a variable; those of an address in its parts."""
    root = parse_document(document.text, document.name, _Anything()).root
    return {secret for secret in secrets_in(root) if not any(mark in secret for mark in ("://", "${", "%24%7B"))}


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for part in value.values():
                yield from _texts(part)
        case list():
            for part in value:
                yield from _texts(part)


class _Anything(dict[str, str]):
    """An environment in which every variable stands for its own name."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return f"${{{name}}}"
