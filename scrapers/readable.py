"""Text as a reader sees it, of answers that carry markup inside their titles and abstracts.

>>> readable("Fe&lt;sub&gt;2&lt;/sub&gt;O<i>x</i> &amp; friends")
'Fe2Ox & friends'
"""

import html
import re

_TAG = re.compile(r"</?(?:(?:jats|mml|m|xhtml|html):)?([a-z][a-z0-9-]{0,20})(?:\s[^<>]{0,1000})?/?>", re.IGNORECASE)
#: Elements between which words do not run together.
_BREAKS = frozenset({"br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "sec", "title"})
#: Elements of running text and of formulas.
_INLINE = frozenset({
    "a", "abbr", "b", "bold", "em", "i", "inf", "inline-formula", "italic", "mark", "math", "mfenced", "mfrac", "mi",
    "mml", "mmultiscripts", "mn", "mo", "monospace", "mover", "mpadded", "mphantom", "mprescripts", "mroot", "mrow",
    "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder",
    "munderover", "none", "ol", "sc", "scp", "semantics", "small", "span", "strike", "strong", "sub", "sup",
    "tex-math", "tt", "u", "ul",
})  # fmt: skip
#: The same formula a second time, in another language.
_ANNOTATION = re.compile(
    r"<(?:mml:|m:)?(annotation(?:-xml)?)\b[^<>]{0,1000}>[^<]{0,5000}</(?:mml:|m:)?\1>", re.IGNORECASE
)
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
#: No title and no abstract has more tags and entities: such a text is left as it is.
_MARKS_MAX = 20_000


def readable(text: str) -> str:
    """The text without HTML, JATS and MathML tags, entities as their characters, single blanks between its words.

    Only elements of running text are taken out, so that "a < b" and "List<T>" stay what they are; so does TeX. Empty
    where there is nothing to read.
    """
    if 0 < text.count("<") + text.count("&") <= _MARKS_MAX:
        text = _ANNOTATION.sub("", html.unescape(text))
        text = html.unescape(_TAG.sub(_in_place_of, text))
    return " ".join(_UNSEEN.sub("", text).split())


def _in_place_of(tag: re.Match[str]) -> str:
    name = tag[1].lower()
    if name in _BREAKS:
        return " "
    return "" if name in _INLINE else tag[0]
