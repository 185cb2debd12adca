"""The bytes of a page as text: charset, kind, and whether the end arrived."""

import codecs
import re
from collections import Counter

from scrapers.parse_error import ParseError
from tracking.check import Page

#: A page beyond this is no profile; a list of 500 papers has about 15,000 tags.
MAX_TAGS = 100_000

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
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
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: Browsers read these labels as the encoding that contains them.
_CONTAINED = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252"}


def decode(page: Page) -> str:
    """The body as text.

    The charset is that of the byte order mark, the header or the document, else UTF-8, else Windows-1252. Bytes
    that the named charset does not know raise ParseError: a damaged title must not be read as a new one. Only a
    character cut by the end of the body is left out.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if page.body.startswith(mark):
            return _decode(page.body[len(mark) :], name)
    declared = _CHARSET.search(page.headers.get("content-type", ""))
    if declared is not None:
        return _decode(page.body, declared[1])
    in_document = _META_CHARSET.search(page.body, 0, 4096)
    if in_document is not None:
        return _decode(page.body, in_document[1].decode("ascii", "replace"))
    try:
        return _decode(page.body, "utf-8")
    except ParseError:
        return _decode(page.body, "cp1252")


def _decode(body: bytes, charset: str) -> str:
    name = _CONTAINED.get(charset.lower(), charset)
    try:
        text = codecs.getincrementaldecoder(name)().decode(body, final=False)
    except LookupError:
        raise ParseError(f"the charset {charset!r} is not known", stage="page") from None
    except UnicodeDecodeError as error:
        raise ParseError(f"the body is not {charset}", stage="page", where=f"byte {error.start}") from None
    if "\0" in text:
        raise ParseError("the body is not text", stage="page", where=f"character {text.index(chr(0))}")
    return text


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
    if _OPENED.search(text) and not _CLOSED.search(text) and not _leaves_end_tags_out(text):
        raise ParseError("the page is cut: its end is missing", stage="page", excerpt=text[-80:])
    return _XML_DECLARATION.sub("", text, count=1) if text.lstrip()[:5] == "<?xml" else text


def _leaves_end_tags_out(text: str) -> bool:
    """True when the page writes no end tag that HTML does not ask for, and has all that it asks for."""
    if _OPTIONAL_END_TAG.search(text) or not text.rstrip().endswith(">"):
        return False
    opened = Counter(name.lower() for name in _START_TAG.findall(text))
    ended = Counter(name.lower() for name in _END_TAG.findall(text))
    return bool(opened) and opened == ended
