"""A message as an HTML document for mail: the lines of its text, laid out; nothing in it runs or is fetched."""

from collections.abc import Mapping
from datetime import tzinfo
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from alerts.layout import letter_of
from alerts.message import Message

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATE = Path(__file__).with_name("letter.html.j2")


def html_of(message: Message, zone: tzinfo, charts: Mapping[str, str]) -> str:
    """A complete document that says what `alerts.wording.wording_of` says.

    ``charts`` are the content ids (without ``cid:`` and angle brackets) of the pictures that go with it, by event id,
    see `alerts.chart.charts_of`; a metric without one is told in words only.
    """
    return _template().render(letter=letter_of(message, zone), charts=charts)


@cache
def _template() -> "Template":
    """Read when it is first needed: most runs send no mail."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.from_string(_TEMPLATE.read_text("utf-8"))
