"""What a page is when it is not what was asked for: a challenge, a wall, a parked domain or "not found", of any source.

Such pages come with status 200 as often as not. This is asked only about a page that could not be read as a profile:
so a paper called "I am not a robot", or a link "Sign in" above a profile, never comes here.
"""

import re
from dataclasses import dataclass

from scrapers.error_answer import error_in
from scrapers.page_source import decode
from scrapers.page_text import read_page_text
from scrapers.parse_error import ParseError
from tracking.check import Outcome, Page

#: What a page is shows near its beginning, in characters of markup; the rest of a huge one is not looked at.
_LOOKED_AT = 500_000
#: A wall says little. A page with more text, in characters, has content, whatever forms and scripts are in it.
_LONGEST_WALL = 2000


@dataclass(frozen=True, slots=True)
class _Sign:
    """Something that tells what a page is."""

    outcome: Outcome
    detail: str
    pattern: re.Pattern[str]


def _sign(outcome: Outcome, detail: str, *alternatives: str) -> _Sign:
    return _Sign(outcome, detail, re.compile("|".join(alternatives), re.IGNORECASE))


_DOMAIN_SOLD = "the domain is for sale, or parked by who sells them"
_OUT_OF_ORDER = "the site says that it is out of order"

#: Markup that stands on challenge pages only, however much text is around it.
_CHALLENGE = _sign(
    Outcome.BLOCKED,
    "the page is a challenge for browsers",
    r"_cf_chl_opt",
    r"/cdn-cgi/challenge-platform/h/",
    r"/cdn-cgi/styles/challenges\.css",
    r"<title>\s*just a moment",
    r"<title>\s*attention required! \| cloudflare",
    r"geo\.captcha-delivery\.com",
    r"id=[\"']?px-captcha",
    r"<title>\s*vercel security checkpoint",
    r"<title>\s*client challenge",
    r"<title>\s*pardon our interruption",
    r"<title>\s*ddos-guard",
    r"check\.ddos-guard\.net",
    r"cf-browser-verification",
    r"\bgokuProps\b",
    r"sucuri_cloudproxy_js",
    r"id=[\"']?anubis_challenge",
    r"<title>\s*making sure you(?:'|&#39;|’)re not a bot",
    r"id=[\"']?gs_captcha_",
    r"action=[\"']?[^\"'>\s]{0,300}/sorry/",
)
#: Likewise, on pages of those who keep domains that nobody uses.
_PARKED = _sign(
    Outcome.GONE,
    _DOMAIN_SOLD,
    r"\bsedoparking\.com/",
    r"\bparkingcrew\.net/",
    r"\bparklogic\.com/",
    r"\bbodiscdn\.com/",
    r"\bwsimg\.com/parking-lander",
    r"window\.location(?:\.href)?\s*=\s*[\"']/lander\b",
    r"<html[^>]{0,200}\bdata-adblockkey=",
)
#: What is seen on a page that has little to see.
_TEXTS = (
    _sign(
        Outcome.BLOCKED,
        "the page asks for proof that a person reads it",
        r"unusual traffic",
        r"\b(?:not|you) a (?:robot|bot)\b",
        r"you(?:['’]re| are) (?:a )?human",
        r"(?:enable|turn on) (?:js|javascript) and (?:cookies|disable any ad ?blocker)",
        r"pardon our interruption",
        r"\bddos protection by\b",
        r"\bbot verification\b",
        r"human verification",
        r"security check",
        r"checking your browser",
        r"\bcaptcha\b",
        r"automated (?:requests|queries|access)",
    ),
    _sign(Outcome.THROTTLED, "the site asks for fewer requests", r"too many requests", r"rate limit"),
    _sign(
        Outcome.BLOCKED,
        "the site denies access",
        r"access (?:is |to this page has been )?denied",
        r"(?:you|your request) (?:have|has) been blocked",
        r"\b403\b.{0,20}forbidden",
        r"\byour (?:ip|ip address|access) (?:is|has been) (?:temporarily )?(?:blocked|banned|limited)",
        r"incapsula incident",
        r"requested url was rejected",
        r"not available in your (?:country|region)",
    ),
    _sign(
        Outcome.LOGIN,
        "the page asks for a login",
        r"(?:sign|log) ?in to (?:continue|view|see|access|your)",
        r"please (?:sign|log) ?in",
        r"(?:must|need to|have to) (?:be (?:signed|logged) in|sign in|log in)",
        r"session (?:has )?expired",
        r"login required",
    ),
    _sign(
        Outcome.BLOCKED,
        "the page asks for consent",
        r"before you continue",
        r"\bcookies\b[^<]{0,500}\b(?:accept|agree|reject)",
    ),
    _sign(
        Outcome.GONE,
        "the page says that there is no such profile",
        r"\b(?:page|author|profile|researcher|scholar|user) (?:was )?not found",
        r"could not be found",
        r"no such (?:page|author|profile|user)",
        r"(?:page|author|profile|user) (?:does not|doesn't|no longer) exist",
        r"(?:page|author|profile|user) (?:has been|was) (?:removed|deleted)",
        r"^\s*404\b",
        r"\b404\b.{0,20}not found",
        r"(?:n[’']t|not|unable to) find (?:the|that|this) (?:page|author|profile|researcher|user)",
        r"page you(?:[’']re| are| were)? (?:looking for|requested|trying to)",
        r"(?:page|author|profile|user) (?:is )?(?:no longer|not) available",
    ),
    _sign(
        Outcome.GONE,
        _DOMAIN_SOLD,
        r"\bdomain(?: name)? (?:is|may be|might be|could be) (?:available )?for sale",
        r"\bbuy this domain",
        r"\bdomain(?: name)? (?:is|has|has been|was)? ?(?:parked|expired|suspended)",
        r"\bparked (?:free|domain)\b",
        r"\b[a-z0-9-]{2,63}\.[a-z]{2,24} is for sale",
    ),
    _sign(
        Outcome.UNREACHABLE,
        _OUT_OF_ORDER,
        r"\b(?:under|undergoing|down for|closed for|offline for|performing) (?:\w+ ){0,2}maintenance",
        r"\bmaintenance (?:mode|in progress|work)",
        r"\btemporarily (?:unavailable|offline|down|out of (?:order|service))",
        r"\bbe (?:right )?back (?:soon|shortly|online)",
        r"\bservice (?:is )?(?:temporarily )?unavailable",
        r"\binternal server error",
        r"\bbad gateway",
        r"\berror establishing a database connection",
        r"\b(?:technical|unexpected) (?:difficulties|problems|error)",
        r"\bsomething went wrong",
    ),
)
#: What is in the markup of such a page.
_MARKUPS = (
    _sign(Outcome.LOGIN, "the page asks for a login", r"<input\b[^>]{0,500}\btype\s*=\s*[\"']?password"),
    _sign(
        Outcome.BLOCKED,
        "the page asks for proof that a person reads it",
        r"\bg-recaptcha\b",
        r"\bh-captcha\b",
        r"\bcf-turnstile\b",
        r"hcaptcha\.com/1/api",
        r"/recaptcha/(?:api|enterprise)",
        r"/_Incapsula_Resource",
        r"/_sec/cp_challenge/",
        r"\bperfdrive\.com/",
        r"\bcaptcha\.awswaf\.com/",
    ),
    _sign(
        Outcome.BLOCKED, "the page asks for consent", r"https?://consent\.", r"action=[\"']?[^\"'>\s]{0,300}/consent"
    ),
    _sign(
        Outcome.GONE,
        "the page says that there is no such profile",
        r"<title>\s*(?:error )?404\b",
        r"<title>[^<]{0,100}\b(?:page|author|profile|user) not found",
    ),
)
_TAGS = re.compile(r"<(script|style)\b.*?(?:</\1|\Z)|<[^<>]*>", re.IGNORECASE | re.DOTALL)


def recognise(page: Page) -> tuple[Outcome, str] | None:
    """What the page is instead of a profile, and one sentence about it; None when it is nothing known."""
    if page.headers.get("cf-mitigated", "").lower() == "challenge":
        return _CHALLENGE.outcome, _CHALLENGE.detail
    if page.body.lstrip()[:1] in (b"{", b"["):
        return error_in(page)
    markup = _markup(page)
    for sign in (_CHALLENGE, _PARKED):
        if sign.pattern.search(markup):
            return sign.outcome, sign.detail
    text = _text(page, markup)
    if len(text) > _LONGEST_WALL:
        return None
    signs = [sign for sign in _TEXTS if sign.pattern.search(text)]
    signs += [sign for sign in _MARKUPS if sign.pattern.search(markup)]
    return (signs[0].outcome, signs[0].detail) if signs else None


def _markup(page: Page) -> str:
    try:
        return decode(page)[:_LOOKED_AT]
    except ParseError:
        return page.body[:_LOOKED_AT].decode("ascii", "replace")


def _text(page: Page, markup: str) -> str:
    """What is seen on the page, or nearly that where the page is damaged."""
    try:
        blocks = read_page_text(page).blocks
    except ParseError:
        return _TAGS.sub(" ", markup)
    return "\n".join(block.text for block in blocks)
