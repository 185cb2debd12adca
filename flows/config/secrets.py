"""Which texts of a configuration, and of the environment, are secrets: what must never be shown.

secrets_in({"receivers": {"me": {"webhook": "https://hooks.example/T0/B0/x7Kp"}}})     # {"x7Kp…", "/T0/B0/x7Kp", …}

Of an address, the password is one whatever it looks like, and of the rest what looks like a token: a word of a path
that anybody may use elsewhere is none. Names of hosts are no secrets, nor are the files of receivers.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

#: Keys of receivers whose text is a secret, or an address that holds one.
_OF_RECEIVERS = frozenset({"apprise", "webhook", "server", "secret"})
#: Variables that are secrets as a whole, and those whose addresses may hold a password.
_SECRET_VARIABLES = (
    "SCHOLARWATCH_TOKEN",
    "PGPASSWORD",
    "PREFECT_API_KEY",
    "PREFECT_API_AUTH_STRING",
    "PREFECT_SERVER_API_AUTH_STRING",
)
_ADDRESS_VARIABLES = (
    "SCHOLARWATCH_DATABASE",
    "PREFECT_API_URL",
    "PREFECT_API_DATABASE_CONNECTION_URL",
    "PREFECT_SERVER_DATABASE_CONNECTION_URL",
    *(name for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") for name in (proxy, proxy.lower())),
)
#: What is shorter would hide half of every sentence; nothing that short is a secret to anybody.
SHORTEST = 4
_SHORTEST_TOKEN = 6
_LONG = 16
_WEBHOOK_MARK = "whsec_"


def secrets_in(root: Any) -> frozenset[str]:
    """The secrets of a document's plain values, however wrong they are."""
    if not isinstance(root, dict):
        return frozenset()
    found: set[str] = set()
    database, watch, sources = root.get("database"), root.get("watch"), root.get("sources")
    if isinstance(database, str):
        found |= passwords_in(database)
    for key, text in _texts(root.get("receivers")):
        if key in _OF_RECEIVERS:
            found |= _of_address(text) if "://" in text else {text, text.removeprefix(_WEBHOOK_MARK)}
    if isinstance(watch, dict) and isinstance(heartbeat := watch.get("heartbeat"), str):
        found |= _of_address(heartbeat)
    found |= {text for key, text in _texts(sources) if key == "api_key"}
    return _as_written_anywhere(found)


def secrets_of_environment(environment: Mapping[str, str]) -> frozenset[str]:
    """The secrets of variables that this program and Prefect read."""
    found = {environment[name] for name in _SECRET_VARIABLES if name in environment}
    for name in _ADDRESS_VARIABLES:
        found |= passwords_in(environment.get(name, ""))
    return _as_written_anywhere(found)


def passwords_in(address: str) -> frozenset[str]:
    """The password of ``scheme://user:password@host``, and how HTTP sends it with its user."""
    login = _login(address)
    user, colon, password = login.partition(":")
    if not colon or not password:
        return frozenset()
    sent = base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()
    return _as_written_anywhere({password, unquote(password), sent})


def _of_address(address: str) -> set[str]:
    """The address as a whole, its password, and every part of it that looks like a token."""
    behind = address.partition("://")[2]
    authority, slash, path = re.sub(r"[?#]", "/", behind).partition("/")
    login, _, host = authority.rpartition("@")
    found = {address, *passwords_in(address)}
    if slash and len(path) >= _SHORTEST_TOKEN:
        found.add(behind.removeprefix(authority))
    # Some services have a token where others have their host.
    places = [login.partition(":")[0], *(part for part in host.split(":") if "." not in part)]
    return found | {part for part in (*places, *re.split(r"[/&=]", path)) if _is_token(part)}


def _login(address: str) -> str:
    """What stands before the last ``@`` of an address, in a password an ``@`` and a slash may stand as they are."""
    match = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://(?P<login>[^?#\s]*)@", address)
    return match["login"] if match else ""


def _is_token(part: str) -> bool:
    if len(part) < _SHORTEST_TOKEN:
        return False
    is_mixed = part != part.lower() and part[1:] != part[1:].lower()
    return len(part) >= _LONG or is_mixed or any(letter.isdigit() for letter in part)


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text, with the key that it stands under, alone or in a list."""
    match value:
        case str():
            yield key, value.strip()
        case dict():
            for name, part in value.items():
                yield from _texts(part, name)
        case list():
            for part in value:
                yield from _texts(part, key)


def _as_written_anywhere(texts: Iterable[str]) -> frozenset[str]:
    """The texts, and how they stand in URLs, in JSON and in what Python prints."""
    forms = {
        form
        for text in texts
        for form in (
            text,
            unquote(text),
            quote(text, safe=""),
            quote(text),
            json.dumps(text)[1:-1],
            json.dumps(text, ensure_ascii=False)[1:-1],
            repr(text)[1:-1],
        )
    }
    return frozenset(form for form in forms if len(form) >= SHORTEST)
