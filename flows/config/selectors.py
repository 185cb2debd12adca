"""The key ``selectors`` of the source `generic`: where on personal pages the papers are, by host or part of a host."""

import re
from collections.abc import Mapping

from alerts.setting import Setting
from scrapers.sources.generic.selectors import NAMES, check_selector

#: ``www.example.edu``, ``www.example.edu:8080``, ``www.example.edu/~ada``.
PLACE = r"[A-Za-z0-9_.-]+(:\d{1,5})?(/[^\s?#]*)?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?(/[^\s?#]*)?"


def parse_selectors(setting: Setting) -> Mapping[str, Mapping[str, str]]:
    """CSS selectors by name, by place. Raises SettingError for a name that is not known, and for what is no CSS."""
    places: dict[str, Mapping[str, str]] = {}
    for place, given in setting.entries().items():
        if re.fullmatch(PLACE, place) is None:
            given.refuse("not a host; write it like www.example.edu or www.example.edu/~ada, without https://")
        keys = given.mapping(known=NAMES)
        if "paper" not in keys:
            given.refuse('“paper” is missing; write paper: "ul.publications > li"')
        host, slash, part = place.partition("/")
        places[host.lower() + slash + part] = {name: _selector(written) for name, written in keys.items()}
    return places


def _selector(setting: Setting) -> str:
    selector = setting.text()
    try:
        check_selector(selector)
    except ValueError as error:
        setting.refuse(f"not a CSS selector: {error}")
    return selector
