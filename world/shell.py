"""What stands around a profile on every page of the site: navigation, scripts, footer."""

import json
import re
from base64 import b64decode, b64encode
from html import escape
from typing import Any

_HEAD = (
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
)
_NAVIGATION = (
    '<nav aria-label="Main"><a href="/">Scholar Feed</a><a href="/papers">Browse</a>'
    '<a href="/authors">Authors</a><a href="/trending">Trending</a><a href="/signin">Sign in</a></nav>'
)
_FOOTER = (
    '<footer><p>Scholar Feed reads arXiv every day so that you need not.</p><ul><li><a href="/about">About</a></li>'
    '<li><a href="/api">API</a></li><li><a href="/terms">Terms</a></li></ul></footer>'
)
_TAIL = "</body></html>\n"
_SCRIPTED = re.compile(rb'document\.write\(atob\("([A-Za-z0-9+/=]*)"\)\)')


def around(main: str, *, title: str, build: str, island: str = "", pad_to_bytes: int = 0) -> str:
    """A whole HTML document with ``main`` in its main element, of at least ``pad_to_bytes`` bytes in UTF-8."""
    head = (
        f'<title>{escape(title)} | Scholar Feed</title><link rel="canonical" href="https://www.scholarfeed.org/">'
        f'<link rel="stylesheet" href="/_next/static/css/{build}.css">'
        f'<script src="/_next/static/chunks/main-{build}.js" async></script>'
    )
    body = (
        f'</head><body class="min-h-screen bg-background antialiased">{_NAVIGATION}<main>{main}</main>{_FOOTER}'
        f'{island}<script>self.__next_f=self.__next_f||[];self.__next_f.push([0,"{build}"])</script>{_TAIL}'
    )
    missing = 0
    if pad_to_bytes:
        missing = pad_to_bytes - len(_HEAD.encode()) - len(head.encode()) - len(body.encode())
    return _HEAD + head + _style_rules(missing) + body


def scripted(page: str) -> str:
    """The page as a browser makes it out of a script, see `unscripted`."""
    content = b64encode(page.encode()).decode()
    return (
        f'{_HEAD}<title>Scholar Feed</title></head><body><div id="root"></div>'
        f'<script>document.write(atob("{content}"))</script>{_TAIL}'
    )


def unscripted(page: bytes) -> bytes:
    """What a browser makes of a page that may be a script, in UTF-8."""
    script = _SCRIPTED.search(page)
    return b64decode(script[1]) if script else page


def json_script(value: Any, attributes: str) -> str:
    """A script element that holds JSON, safe against titles that hold a closing tag."""
    text = json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
    return f"<script {attributes}>{text}</script>"


def _style_rules(size: int) -> str:
    """An inline style sheet of at least ``size`` bytes, as build tools put in front of a page; empty for none."""
    if size <= 0:
        return ""
    rules: list[str] = []
    length = len("<style></style>")
    while length < size:
        rules.append(_style_rule(len(rules)))
        length += len(rules[-1])
    return f"<style>{''.join(rules)}</style>"


def _style_rule(number: int) -> str:
    return (
        f".u{number:04x}{{margin:{number % 12}px {number % 7}px;padding:0 {number % 9}rem;"
        f"color:hsl({number % 360} {40 + number % 50}% {20 + number % 60}%)}}"
    )
