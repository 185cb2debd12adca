"""Text of a site made harmless: it can be read, and it can do nothing."""

import re
import unicodedata

#: Control sequences of terminals: CSI (colours, cursor), then OSC, DCS, SOS, PM and APC strings with their end. The
#: inner classes shut out every beginning, so that no text makes the search slower than its length.
_TERMINAL_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)"
)

#: Control, format (bidirectional overrides, zero width), surrogate, private use, unassigned, line and paragraph
#: separator.
_HOSTILE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

#: What chat services act on: `<!channel>`, `<@U1>`, `<https://…|name>`, HTML tags, and calls to everybody.
_MARKUP_START = re.compile(r"<(?=[!@#/a-zA-Z])")
_CALL_TO_ALL = re.compile(r"@(?=(?:everyone|here|channel|all|room)\b)", re.IGNORECASE)

_WEB_ADDRESS = re.compile(r"https?://[!#-;=?-Z\[\]_a-z~%]{1,2000}", re.IGNORECASE)


def inert(text: str) -> str:
    """The text on one line, without terminal sequences and without any character that acts instead of showing."""
    if text.isprintable():
        # All that is taken away below counts as not printable.
        return " ".join(text.split())
    visible = _TERMINAL_SEQUENCE.sub("", text)
    spaced = " ".join(visible.split())
    kept = "".join(char for char in spaced if unicodedata.category(char) not in _HOSTILE_CATEGORIES)
    return " ".join(kept.split())


def shortened(text: str, length: int) -> str:
    """The text, cut to at most ``length`` characters with an ellipsis where it is longer."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def without_mentions(text: str) -> str:
    """The text with nothing in it that a chat service takes for a mention, a call to everybody or markup."""
    return _CALL_TO_ALL.sub("@ ", _MARKUP_START.sub("‹", text))


def web_address(text: str) -> str:
    """The text when it is a plain http or https address, else nothing."""
    return text if _WEB_ADDRESS.fullmatch(text) else ""


def escaped_json(text: str) -> str:
    r"""JSON text whose strings show hostile characters as ``\uXXXX``: the same value, safe to print."""
    if text.isprintable():
        return text
    return "".join(
        char if unicodedata.category(char) not in _HOSTILE_CATEGORIES else _json_escape(char) for char in text
    )


def _json_escape(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
