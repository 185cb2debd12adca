"""Which URLs of DBLP are persons, and what is asked for them: the XML of the person, one answer with everything.

https://dblp.org/pid/h/GeoffreyEHinton.html                   ──> /pid/h/GeoffreyEHinton.xml
http://dblp.uni-trier.de/pers/hd/h/Hinton:Geoffrey_E=         ──> /pers/xx/h/Hinton:Geoffrey_E=
"""

import re
from urllib.parse import quote, unquote, urlsplit

from scrapers.source import Asked, Request

HOSTS = ("dblp.org", "www.dblp.org", "dblp.uni-trier.de", "dblp.dagstuhl.de")

_FORM = r"(?:\.(?:html|xml|rdf|nt|ttl|rss|bib|ris|json))?/?"
_PID = re.compile(rf"/pid/([0-9a-z]+/[\w=-]+){_FORM}")
#: Until 2019 persons were found by their names; the letters before the initial say in which form.
_NAME = re.compile(rf"/pers/(?:[a-z]{{1,2}}[0-9]?/)?([a-z=]/[^/]+?){_FORM}")
_NAME_OLDEST = re.compile(r"/db/indices/a-tree/([a-z=]/[^/]+?)\.html")
_OTHERS = {"rec": "a paper", "db": "a journal, a conference or a series", "search": "a search"}


def profile_key(url: str) -> str:
    """``h/GeoffreyEHinton``, or ``pers/h/Hinton:Geoffrey_E=`` of a URL by name. Raises ValueError."""
    path = unquote(urlsplit(url).path)
    pid = _PID.fullmatch(path)
    if pid is not None:
        return pid[1]
    name = _NAME.fullmatch(path) or _NAME_OLDEST.fullmatch(path)
    if name is not None:
        return f"pers/{name[1]}"
    what = _OTHERS.get(path.strip("/").partition("/")[0], "no person")
    raise ValueError(f"{url} is {what}; a person's page of DBLP is like https://dblp.org/pid/h/GeoffreyEHinton")


def next_request(asked: Asked) -> Request | None:
    """The XML of the person, which has all records."""
    if asked.answers:
        return None
    return Request(url=asked.base + _path(profile_key(asked.profile_url)))


def _path(key: str) -> str:
    if key.startswith("pers/"):
        return f"/pers/xx/{quote(key.removeprefix('pers/'), safe='/:=')}"
    return f"/pid/{key}.xml"
