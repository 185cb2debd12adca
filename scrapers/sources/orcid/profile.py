"""ORCID iDs: where they stand in URLs, and whether they can be right."""

import re
from urllib.parse import parse_qs, urlsplit

HOSTS = ("orcid.org", "www.orcid.org", "pub.orcid.org")

_ID = r"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]"
_PATH = re.compile(rf"(?:/v\d+\.\d+(?:_rc\d+)?)?/({_ID})(?:/[a-z-]+)?/?")


def profile_key(url: str) -> str:
    """The iD, ``0000-0002-1825-0097``, in the URL of a record. Raises ValueError."""
    parts = urlsplit(url)
    match = _PATH.fullmatch(parts.path)
    if match is None:
        # The page that somebody who is logged in sees of themselves.
        named = parse_qs(parts.query).get("orcid", [""])[0]
        match = re.fullmatch(f"({_ID})", named)
    if match is None:
        raise ValueError(f"no ORCID iD in this URL: {url}; a record is at https://orcid.org/0000-0002-1825-0097")
    return checked_id(match[1])


def checked_id(text: str) -> str:
    """The iD with a capital X. Raises ValueError when its last digit does not fit the others (ISO 7064, 11-2)."""
    orcid_id = text.upper()
    total = 0
    for digit in orcid_id.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    expected = (12 - total % 11) % 11
    if orcid_id[-1] != ("X" if expected == 10 else str(expected)):
        raise ValueError(f"{orcid_id} is no ORCID iD: its last digit does not fit the others; is it mistyped?")
    return orcid_id
