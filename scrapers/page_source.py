"""The bytes of a page as text: characters, kind, and whether the end arrived."""

import re
from collections import Counter

from scrapers.charset import decode_as_browsers
from scrapers.parse_error import ParseError
from tracking.check import Page

#: A page beyond this is no profile, and takes a second; a list of a thousand papers has about 30,000 tags.
MAX_TAGS = 40_000

#: Where text and other things are told apart, in characters (as the WHATWG standard of MIME sniffing has it).
_SNIFFED = 1445

#: A start tag, whatever stands in quotes within it, and what is in quotes.
_START = re.compile(r"""<[a-zA-Z][^<>"']*+(?:"[^"]*+"[^<>"']*+|'[^']*+'[^<>"']*+)*+""")
_QUOTED = re.compile(r"""("|').*?\1""", re.DOTALL)
#: A shorter tag has few attributes.
_LONG_TAG = 100
#: The parser compares the attributes of a tag with each other: so many comparisons take a tenth of a second.
_COMPARISONS_MAX = 50_000_000

_MARKUP = re.compile(
    r"\s*(?:<\?xml|<!--|<!doctype\s|<(?:html|head|body|main|div|section|article|p|ul|table)\b)", re.IGNORECASE
)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_OPENED = re.compile(r"<(?:html|body)[\s>]", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
#: Elements whose end tag must not be left out.
_CONTAINER = "a|article|div|dl|footer|h[1-6]|header|main|ol|script|section|span|table|ul"
_START_TAG = re.compile(rf"<({_CONTAINER})[\s>]", re.IGNORECASE)
_END_TAG = re.compile(rf"</({_CONTAINER})\s*>", re.IGNORECASE)
_OPTIONAL_END_TAG = re.compile(r"</(?:p|li|td|tr|dd|dt)\s*>", re.IGNORECASE)


def decode(page: Page) -> str:
    """The body as text, as browsers read it: bytes that stand for nothing are U+FFFD.

    Raises ParseError for what is no text at all, which has a null character near its beginning; further down they
    are dropped.
    """
    text = decode_as_browsers(page.body, page.headers.get("content-type", ""))
    if "\0" not in text:
        return text
    at = text.index("\0")
    if at < _SNIFFED:
        raise ParseError("the body is not text", stage="page", where=f"character {at}")
    return text.replace("\0", "")


def is_plain_text(page: Page, text: str) -> bool:
    """True for a copy of the visible text, False for HTML: as the content type says, else as it looks."""
    if _MARKUP.match(text):
        return False
    content_type = page.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type:
        return content_type == "text/plain"
    return re.search(r"</?[a-z][a-z0-9]*[\s>/]", text, re.IGNORECASE) is None


def whole_markup(text: str) -> str:
    """The HTML, ready for the parser. Raises ParseError when its end is missing or there is far too much of it."""
    tags = text.count("<")
    if tags > MAX_TAGS:
        raise ParseError(f"{tags} tags are too many for a profile page", stage="page")
    refuse_endless_tags(text)
    if _OPENED.search(text) and not _CLOSED.search(text) and not _leaves_end_tags_out(text):
        raise ParseError("the page is cut: its end is missing", stage="page", excerpt=text[-80:])
    return _XML_DECLARATION.sub("", text, count=1) if text.lstrip()[:5] == "<?xml" else text


def refuse_endless_tags(text: str) -> None:
    """Raises ParseError for HTML whose tags have so many attributes that no parser comes to their end in time."""
    tags = [tag for tag in _START.findall(text) if len(tag) > _LONG_TAG]
    # No attribute is shorter than a letter and a blank.
    if sum((len(tag) + 1) ** 2 for tag in tags) / 4 <= _COMPARISONS_MAX:
        return
    comparisons = 0
    for tag in tags:
        comparisons += len(_QUOTED.sub(" ", tag).replace("/", " ").split()) ** 2
        if comparisons > _COMPARISONS_MAX:
            raise ParseError("the tags have too many attributes", stage="page", excerpt=tag[:80])


def _leaves_end_tags_out(text: str) -> bool:
    """True when the page writes no end tag that HTML does not ask for, and has all that it asks for."""
    if _OPTIONAL_END_TAG.search(text) or not text.rstrip().endswith(">"):
        return False
    opened = Counter(name.lower() for name in _START_TAG.findall(text))
    ended = Counter(name.lower() for name in _END_TAG.findall(text))
    return bool(opened) and opened == ended
