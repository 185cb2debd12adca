"""The section ``fetch``: as whom, and how gently, pages are asked for."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any

from alerts.setting import Setting
from flows.config.hosts import is_loopback, parse_hosts
from flows.config.numbers import seconds

_CONTACT = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|https?://\S+")
HOW_TO_SET_USER_AGENT = 'write user_agent: "My Lab (mailto:me@example.org)" under “fetch”, with an address of your own'
#: No site but one's own sees it.
_LOOPBACK_USER_AGENT = "Scholarwatch (this machine only)"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchConfig:
    """What the file says about fetching."""

    user_agent: str = _LOOPBACK_USER_AGENT
    #: Between the starts of two requests to one host; None: the file does not say.
    min_interval_seconds: float | None = None
    #: Requests to one host in a day (UTC); None: the file does not say.
    daily_budget: int | None = None
    #: For one whole request.
    timeout_seconds: float = 30.0
    #: Of a page after decompression.
    max_bytes: int = 5_000_000
    connections_per_host: int = 8
    #: Names that lead to private addresses and may be asked all the same, or those addresses.
    allow_private_hosts: frozenset[str] = frozenset()


def parse_fetch(section: Setting, hosts: Collection[str]) -> FetchConfig:
    """Read the section for a configuration whose profiles are on ``hosts``. Raises SettingError.

    A site of somebody else is asked only by those who say how they can be reached.
    """
    keys = {} if section.value is None else section.mapping(known=FetchConfig.__slots__)
    user_agent = keys.pop("user_agent", section.child("user_agent", None))
    values = {name: _READERS[name](setting) for name, setting in keys.items()}
    return FetchConfig(user_agent=_user_agent(user_agent, hosts), **values)


def user_agent_with(contact: str) -> str:
    """The program's own user agent, with a mail address or a URL by which its owner can be reached.

    Raises ValueError when ``contact`` is neither.
    """
    contact = contact.strip()
    if not (_CONTACT.fullmatch(contact.removeprefix("mailto:")) and contact.isascii() and contact.isprintable()):
        raise ValueError(f"{contact!r} is no mail address and no URL")
    is_mail = not contact.startswith(("mailto:", "http://", "https://"))
    return f"Scholarwatch ({'mailto:' if is_mail else ''}{contact})"


def contact_in(user_agent: str) -> str | None:
    """The mail address or URL in a user agent: ``me@example.org`` of ``My Lab (mailto:me@example.org)``."""
    match = _CONTACT.search(user_agent)
    return match[0].removeprefix("(").removeprefix("mailto:").rstrip(").,;") if match else None


def _user_agent(setting: Setting, hosts: Collection[str]) -> str:
    away = next((host for host in hosts if not is_loopback(host)), None)
    if setting.value is None:
        if away is not None:
            setting.refuse(f"is not set, and {away} must be able to see who asks; {HOW_TO_SET_USER_AGENT}")
        return _LOOPBACK_USER_AGENT
    user_agent = setting.text()
    if not (user_agent.isascii() and user_agent.isprintable()):
        setting.refuse("must be plain ASCII on one line: a request can carry nothing else")
    if away is not None and not _CONTACT.search(user_agent):
        setting.refuse(f"must hold a mail address or a URL by which {away} can reach you; {HOW_TO_SET_USER_AGENT}")
    return user_agent


_READERS: dict[str, Callable[[Setting], Any]] = {
    "min_interval_seconds": partial(seconds, least=0),
    "daily_budget": partial(Setting.count, least=1),
    "timeout_seconds": partial(seconds, least=0.1),
    "max_bytes": partial(Setting.count, least=1_000),
    "connections_per_host": partial(Setting.count, least=1),
    "allow_private_hosts": parse_hosts,
}
