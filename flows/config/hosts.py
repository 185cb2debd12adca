"""Hosts in the one spelling that everything is compared in: ``host`` (any port) or ``host:port``."""

import ipaddress
import re
from urllib.parse import urlsplit

from alerts.setting import Setting

_DEFAULT_PORTS = {"http": 80, "https": 443}
_ENTRY = re.compile(r"(?P<host>[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(:(?P<port>\d{1,5}))?")
_WITH_PORT = re.compile(r"(\[.*\]|[^:]*):\d+")
_NO_URL_HAS = re.compile(r"[\s\x00-\x20\x7f]")


def authority(url: str) -> str:
    """``www.example.org``, ``127.0.0.1:8099`` or ``[::1]:8099`` of a URL; the scheme's own port is left out.

    Raises ValueError, saying what is wrong, when it is no http or https URL or carries a name or password.
    """
    if _NO_URL_HAS.search(url):
        raise ValueError("a URL has no blanks in it")
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError("a URL begins with https:// or http:// and names a host")
    if parts.username is not None:
        raise ValueError("a URL with a name or password in it would be stored and shown; leave them out")
    host = parts.hostname.rstrip(".")
    if not host.isascii():
        host = host.encode("idna").decode()
    bare = f"[{host}]" if ":" in host else host
    if parts.port is None or parts.port == _DEFAULT_PORTS[parts.scheme]:
        return bare
    return f"{bare}:{parts.port}"


def parse_hosts(setting: Setting) -> frozenset[str]:
    """A list of hosts; no list is an empty one. Raises SettingError."""
    if setting.value is None:
        return frozenset()
    return frozenset(_host_entry(item) for item in setting.sequence())


def host_of(entry: str) -> str:
    """The host of an entry without its port: ``127.0.0.1``, ``[::1]``."""
    match = _WITH_PORT.fullmatch(entry)
    return match[1] if match else entry


def is_loopback(entry: str) -> bool:
    """True when an entry is this machine."""
    host = host_of(entry).strip("[]")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host_entry(setting: Setting) -> str:
    entry = setting.text().lower()
    match = _ENTRY.fullmatch(entry)
    if match is None or not 0 < int(match["port"] or 80) < 65536:
        setting.refuse("not a host; write it like www.example.org or 127.0.0.1:8080, without https://")
    return entry
