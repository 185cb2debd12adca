"""Where a request may go: to the hosts of its source, and nowhere else, at every hop."""

import re
from collections.abc import Collection
from dataclasses import dataclass

import httpx

from scrapers.addresses import is_named, is_written_private
from tracking.check import Failure, Outcome

_DEFAULT_PORTS = {"http": 80, "https": 443}

#: ``/login``, ``/users/sign_in``, ``/ServiceLogin``, ``login.example.org``; not ``/design-in-print``, ``/bloginvites``.
_LOGIN = re.compile(r"(?<![A-Za-z])(?i:log|sign)[-_]?(?i:in)(?![a-z])|(?<=[a-z])(?:Log|Sign)[Ii]n(?![a-z])")


@dataclass(frozen=True, slots=True)
class Redirect:
    """The server points somewhere else; ``location`` is what it wrote, absolute or not."""

    location: str
    elapsed_seconds: float = 0.0
    #: It is to be asked for there from now on (301, 308).
    permanent: bool = False


def first_target(url: str, hosts: Collection[str]) -> httpx.URL | Failure:
    """The URL of a profile, checked against the hosts (``host`` for any port, or ``host:port``) of its source."""
    try:
        target = httpx.URL(url)
    except httpx.InvalidURL as error:
        return _refused(url, f"{url!r} is not a URL: {error}")
    if not is_askable(target):
        return _refused(url, f"{url!r} is not an http or https URL")
    if not _is_among(target, hosts):
        return _refused(url, f"{host_of(target)} is not a host of this source")
    return target


def next_target(source: httpx.URL, redirect: Redirect, hosts: Collection[str]) -> httpx.URL | Failure:
    """Where a redirect leads, or why it is not followed."""
    at = str(source)
    target = joined(source, redirect.location)
    if target is None:
        return _refused(at, f"{at} redirects to {redirect.location!r}, which is not a URL")
    if not is_askable(target):
        return _refused(at, f"{at} redirects to {redirect.location!r}, which is not an http or https URL")
    if _LOGIN.search(f"{host_of(target)}{target.path}"):
        return Failure(outcome=Outcome.LOGIN, detail=f"{at} redirects to a login page at {target}", url=at)
    # An address that the configuration names is for those who follow a profile there, not for any site to point at.
    if is_written_private(host_of(target)) and not (_is_among(target, hosts) and is_written_private(host_of(source))):
        return _refused(at, f"{at} redirects to the private address {host_of(target)}")
    if not _is_among(target, hosts):
        return Failure(outcome=Outcome.MOVED, detail=f"{at} redirects to {host_of(target)}", url=at)
    if source.scheme == "https" and target.scheme == "http":
        return _refused(at, f"{at} redirects from https to http")
    return target


def joined(source: httpx.URL, location: str) -> httpx.URL | None:
    """The URL that a redirect names, without its fragment; None for what is no URL."""
    try:
        return source.join(location).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError):
        # The second where something stands in brackets that is no address.
        return None


def host_of(url: httpx.URL) -> str:
    """The host in the form that goes over the wire: ASCII, lower case, no dot at the end."""
    return url.raw_host.decode("ascii").rstrip(".")


def is_askable(url: httpx.URL) -> bool:
    """True for an http or https URL with a host, and a port that can be."""
    return url.scheme in _DEFAULT_PORTS and bool(url.raw_host) and (url.port is None or 0 < url.port < 65536)


def _is_among(url: httpx.URL, hosts: Collection[str]) -> bool:
    return is_named(host_of(url), url.port or _DEFAULT_PORTS[url.scheme], hosts)


def _refused(url: str, detail: str) -> Failure:
    return Failure(outcome=Outcome.UNREACHABLE, detail=detail, url=url)
