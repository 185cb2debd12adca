"""What a CDX server means when it answers with another status than 200."""

import re

from tracking.check import Page

_TAGS = re.compile(r"<[^>]*>")
_EXCERPT_CHARACTERS = 160


def explain_refusal(answer: Page) -> str:
    """Why there is no list, in a sentence; ``answer`` has a status other than 200.

    The Wayback Machine names the reason in its exception's name.
    """
    words = answer.body[:4096].decode("utf-8", "replace")
    if "RobotAccessControl" in words:
        return f"the archive withholds these captures because of the site's robots.txt: {answer.url}"
    if "AdministrativeAccessControl" in words or "Blocked Site" in words:
        return f"the archive has blocked this site, and withholds its captures: {answer.url}"
    if answer.status in (401, 403, 451):
        return f"the archive withholds these captures (status {answer.status}): {answer.url}"
    return f"{answer.url} answered {answer.status}, not with a list of captures{_excerpt(words)}"


def says_nothing_found(answer: Page) -> bool:
    """True for a server that answers 404 about a URL of which it has no captures (older pywb)."""
    return answer.status == 404 and b"no captures found" in answer.body[:4096].lower()


def _excerpt(words: str) -> str:
    text = " ".join(_TAGS.sub(" ", words).split())
    shown = "".join(character for character in text if character.isprintable())[:_EXCERPT_CHARACTERS]
    return f": {shown!r}" if shown else ""
