"""Where Google Scholar's profiles are, and what is asked for of one: a single page a day.

Its robots.txt allows ``/citations?user=`` and disallows whatever holds ``cstart=``: the first page of a list is all
that may be had, and ``pagesize=100`` is the most that it shows.
"""

from urllib.parse import parse_qsl, urlsplit

from scrapers.source import Asked, Request
from scrapers.sources.google_scholar.layouts import USER

BASE = "https://scholar.google.com"
PAGE_SIZE = 100

#: Google's country domains, without ``google.``
_DOMAINS = """
    com ad ae al am as at az ba be bf bg bi bj bs bt by ca cat cd cf cg ch ci cl cm cn co.ao co.bw co.ck co.cr co.id
    co.il co.in co.jp co.ke co.kr co.ls co.ma co.mz co.nz co.th co.tz co.ug co.uk co.uz co.ve co.vi co.za co.zm co.zw
    com.af com.ag com.ai com.ar com.au com.bd com.bh com.bn com.bo com.br com.bz com.co com.cu com.cy com.do com.ec
    com.eg com.et com.fj com.gh com.gi com.gt com.hk com.jm com.kh com.kw com.lb com.ly com.mm com.mt com.mx com.my
    com.na com.ng com.ni com.np com.om com.pa com.pe com.pg com.ph com.pk com.pr com.py com.qa com.sa com.sb com.sg
    com.sl com.sv com.tj com.tr com.tw com.ua com.uy com.vc com.vn cv cz de dj dk dm dz ee es fi fm fr ga ge gg gl gm
    gr gy hn hr ht hu ie im iq is it je jo kg ki kz la li lk lt lu lv md me mg mk ml mn mu mv mw ne nl no nr nu pl pn
    ps pt ro rs ru rw sc se sh si sk sm sn so sr st td tg tl tm tn to tt vu ws
"""
HOSTS = tuple(f"scholar.google.{domain}" for domain in _DOMAINS.split())


def profile_key(url: str) -> str:
    """The user id in the URL of a profile, in any language and order. Raises ValueError."""
    parts = urlsplit(url)
    query: dict[str, str] = {}
    # What is copied out of a page's source has its ampersands escaped.
    for name, value in parse_qsl(parts.query.replace("&amp;", "&")):
        query.setdefault(name, value)
    if "citation_for_view" in query or query.get("view_op") == "view_citation":
        raise ValueError(f"this is a paper, not a profile: {url}")
    if parts.path.rstrip("/") != "/citations" or query.get("view_op") == "search_authors":
        raise ValueError(f"this is no profile, those are at {BASE}/citations?user=…: {url}")
    user = query.get("user", "").strip()
    if USER.fullmatch(user) is None:
        raise ValueError(f"the URL of a profile has user= and an id of 12 letters, digits, - or _ in it: {url}")
    return user


def next_request(asked: Asked) -> Request | None:
    """The one page of a profile: in English, as many rows as there are on one."""
    if asked.answers:
        return None
    # The robots.txt allows what begins with user.
    return Request(url=f"{asked.base}/citations?user={profile_key(asked.profile_url)}&hl=en&pagesize={PAGE_SIZE}")
