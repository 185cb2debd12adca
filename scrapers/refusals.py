"""What a page is when it is not what was asked for: a challenge, a captcha, a wall, or "not found", of any source.

Such pages come with status 200 as often as not. This is asked only about a page that could not be read as a profile:
so a paper called "I am not a robot", or a link "Sign in" above a profile, never comes here.
"""

import re
from dataclasses import dataclass

from scrapers.page_source import decode
from scrapers.page_text import read_page_text
from scrapers.parse_error import ParseError
from tracking.check import Outcome, Page

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
    r"<title>\s*making sure you(?:'|&#39;|’)re not a bot",
    r"id=[\"']?gs_captcha_",
    r"action=[\"']?[^\"'>]{0,500}/sorry/",
)
#: What is seen on a page that has little to see.
_TEXTS = (
    _sign(
        Outcome.BLOCKED,
        "the page asks for proof that a person reads it",
        r"unusual traffic",
        r"not a (?:robot|bot)\b",
        r"you(?:'re| are) (?:a )?human",
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
    ),
    _sign(Outcome.BLOCKED, "the page asks for consent", r"https?://consent\.", r"action=[\"']?[^\"'>]{0,500}/consent"),
)
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)


def recognise(page: Page) -> tuple[Outcome, str] | None:
    """What the page is instead of a profile, and one sentence about it; None when it is nothing known."""
    if page.headers.get("cf-mitigated", "").lower() == "challenge":
        return _CHALLENGE.outcome, _CHALLENGE.detail
    markup = _markup(page)
    if _CHALLENGE.pattern.search(markup):
        return _CHALLENGE.outcome, _CHALLENGE.detail
    text = _text(page, markup)
    if len(text) > _LONGEST_WALL:
        return None
    signs = [sign for sign in _TEXTS if sign.pattern.search(text)]
    signs += [sign for sign in _MARKUPS if sign.pattern.search(markup)]
    return (signs[0].outcome, signs[0].detail) if signs else None


def _markup(page: Page) -> str:
    try:
        return decode(page)
    except ParseError:
        return page.body.decode("ascii", "replace")


def _text(page: Page, markup: str) -> str:
    """What is seen on the page, or nearly that where the page is damaged."""
    try:
        blocks = read_page_text(page).blocks
    except ParseError:
        return _TAGS.sub(" ", markup)
    return "\n".join(block.text for block in blocks)
