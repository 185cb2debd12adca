"""Bytes to characters as browsers do it, by the WHATWG standards of encodings and of HTML.

    byte order mark, else header, else <meta>, else <?xml … ?>, else UTF-8 if it looks like it, else windows-1252

Labels mean what they mean to browsers: ``latin1`` is windows-1252, ``gb2312`` is GBK, ``shift_jis`` has the signs that
Windows added. A label that no browser knows says nothing. Bytes that stand for nothing become U+FFFD.
"""

import codecs
import re

import webencodings

#: What stands for bytes that no reader can make out.
UNREADABLE = "\N{REPLACEMENT CHARACTER}"

_CHARSET = re.compile(rb"charset\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s;\"'>]+))", re.IGNORECASE)
#: Further down than any head reaches that says its charset.
_HEAD_BYTES = 65_536
#: What a parser would meet up to the body, so far as it matters: a ``<meta>`` in a comment or a title is none.
_HEAD = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style|title|textarea|template)\b.*?(?:</\1\s*>|\Z)"
    rb"|<meta(?=[\s/])(?P<meta>[^>]{0,1000})>|(?P<body><body[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(rb"([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\s*<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([\w.:-]+)[\"']")

_UTF_8 = webencodings.lookup("utf-8")
_WINDOWS_1252 = webencodings.lookup("windows-1252")
#: A document whose ``<meta>`` could be read is in none of these, whatever it says.
_IMPOSSIBLE = {"utf-16le": _UTF_8, "utf-16be": _UTF_8, "x-user-defined": _WINDOWS_1252}
#: Browsers read GBK with its successor, which has more characters at the same places.
_SUCCESSORS = {"gbk": webencodings.lookup("gb18030")}


def decode_as_browsers(body: bytes, content_type: str) -> str:
    """The body as text; ``content_type`` is the header, empty where there is none. Never raises."""
    encoding = _encoding_of(content_type.encode("utf-8", "replace"), body)
    encoding = _SUCCESSORS.get(encoding.name, encoding)
    errors = "whatwg-windows" if encoding.name.startswith("windows-") else "replace"
    text: str = webencodings.decode(body, encoding, errors)[0]
    return text


def _encoding_of(content_type: bytes, body: bytes) -> webencodings.Encoding:
    return _in_header(content_type) or _in_document(body[:_HEAD_BYTES]) or _guess(body)


def _in_header(content_type: bytes) -> webencodings.Encoding | None:
    match = _CHARSET.search(content_type)
    return _named(_value(match.groups())) if match else None


def _in_document(head: bytes) -> webencodings.Encoding | None:
    for part in _HEAD.finditer(head):
        if part["body"] is not None:
            break
        named = _in_meta(part["meta"]) if part["meta"] is not None else None
        if named is not None:
            return _IMPOSSIBLE.get(named.name, named)
    declared = _XML_ENCODING.match(head)
    named = _named(declared[1]) if declared else None
    return None if named is None else _IMPOSSIBLE.get(named.name, named)


def _in_meta(attributes: bytes) -> webencodings.Encoding | None:
    given: dict[bytes, bytes] = {}
    for match in _ATTRIBUTE.finditer(attributes):
        given.setdefault(match[1].lower(), _value(match.groups()[1:]))
    if b"charset" in given:
        return _named(given[b"charset"])
    if given.get(b"http-equiv", b"").strip().lower() == b"content-type":
        return _in_header(given.get(b"content", b""))
    return None


def _guess(body: bytes) -> webencodings.Encoding:
    """UTF-8 when at least as many of its characters are sound as are broken: other text in it is nearly all broken."""
    text = body.decode("utf-8", "replace")
    broken = text.count(UNREADABLE)
    sound = len(text) - len(text.encode("ascii", "ignore")) - broken
    return _UTF_8 if sound >= broken else _WINDOWS_1252


def _named(label: bytes) -> webencodings.Encoding | None:
    return webencodings.lookup(label.decode("ascii", "replace"))


def _value(alternatives: tuple[bytes | None, ...]) -> bytes:
    return next((value for value in alternatives if value is not None), b"")


def _controls_where_nothing_is(error: UnicodeError) -> tuple[str, int]:
    """Between 0x80 and 0x9F, a byte that a Windows code page leaves empty is the control character of that number."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    empty = error.object[error.start : error.end]
    return "".join(chr(byte) if byte < 0xA0 else UNREADABLE for byte in empty), error.end


codecs.register_error("whatwg-windows", _controls_where_nothing_is)
