"""The JSON Schema of ``scholarwatch.yaml``, for editors: completion, and red lines under what will be refused.

``docs/scholarwatch.schema.json`` is what `printed` gives. The schema says what a file looks like; what holds across
several keys (a rule notifies a receiver that exists) only the loader knows.
"""

import json
from typing import Any

from alerts.rules import Every
from flows.config.selectors import PLACE
from scrapers.registry import SOURCES
from scrapers.sources.generic import GENERIC
from scrapers.sources.generic.selectors import NAMES
from tracking.event import EventKind

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_TEXTS: Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}
_EVERY: Schema = {
    "anyOf": [{"const": "adaptive"}, {"type": "string", "pattern": r"^\s*[0-9]{1,4}\s*[hdw]\s*$"}],
}
_URL: Schema = {"type": "string", "pattern": r"^\s*https?://\S+\s*$"}
_HOST: Schema = {
    "type": "string",
    "pattern": r"^\s*([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?\s*$",
}
_AMOUNT = r"[+-]?(\d{1,3}([,_]\d{3})+|\d{1,15})(\.\d{1,9})?"


def schema() -> Schema:
    """The schema, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "scholarwatch.yaml",
        "description": "Who is followed by Scholarwatch, and who hears about what.",
    } | _or_nothing(
        _mapping(
            {
                "database": _or_nothing(
                    _said(_TEXT, "A path, or postgresql+psycopg://…; without it scholarwatch.db beside this file.")
                ),
                "people": _or_nothing(_said({"type": "array", "items": _person()}, "Who is followed.")),
                "rules": _or_nothing(_said({"type": "array", "items": _rule()}, "Who hears about which events.")),
                "receivers": _or_nothing(
                    _said({"type": "object", "additionalProperties": _receiver()}, "Where messages go, by name.")
                ),
                "sources": _or_nothing(_said(_mapping(_sources()), "What is said of sources.")),
                "cadence": _or_nothing(_said(_cadence(), "How often everybody is checked.")),
                "fetch": _or_nothing(_said(_fetch(), "As whom, and how gently, pages are asked for.")),
            }
        )
    )


def _cadence() -> Schema:
    tags = {"type": "object", "additionalProperties": _EVERY}
    spread = {"anyOf": [{"const": 0}, {"type": "string", "pattern": r"^\s*[0-9]{1,4}\s*[hd]\s*$"}]}
    section = _mapping(
        {
            "default": _said(_EVERY, "Of everybody for whom nothing else is said; 24h without it."),
            "spread": _said(spread, "The part of the day over which checks are spread."),
            "tags": _said(tags, "By tag; of several the shortest holds."),
        }
    )
    return {"anyOf": [_EVERY, section]}


def _person() -> Schema:
    profile = {
        "anyOf": [
            _URL,
            _mapping({"url": _URL, "source": {"enum": list(SOURCES)}, "cadence": _EVERY}, required=("url",)),
        ]
    }
    person = _mapping(
        {
            "name": _said(_TEXT, "Without it, the profile page gives the name."),
            "tags": _or_nothing({"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}),
            "cadence": _said(_EVERY, "How often the profiles are checked."),
            "profiles": {"anyOf": [*profile["anyOf"], {"type": "array", "items": profile, "minItems": 1}]},
        },
        required=("profiles",),
    )
    return {"anyOf": [_URL, person]}


def _rule() -> Schema:
    kind = {"enum": [str(kind) for kind in EventKind]}
    return _mapping(
        {
            "name": _said(_TEXT, "Messages give it as their reason; no two rules share one."),
            "on": _said({"anyOf": [kind, {"type": "array", "items": kind, "minItems": 1}]}, "Kinds of events."),
            "where": _where(),
            "notify": _said(_TEXTS, "Names of receivers; without it, all of them."),
            "every": _said({"enum": [str(every) for every in Every]}, "At once, or in a digest."),
        },
        required=("name", "on"),
    )


def _where() -> Schema:
    return _mapping(
        {
            "category": _TEXTS,
            "title": _said(_TEXT, "A regular expression, searched in the title."),
            "abstract": _said(_TEXT, "A regular expression, searched in the abstract."),
            "has_code": {"type": "boolean"},
            "person": _TEXTS,
            "tag": _TEXTS,
            "source": _TEXTS,
            "metric": _TEXTS,
            "delta": _said(
                {"type": "string", "pattern": rf"^\s*(abs\b)?\s*(>=|<=|>|<)\s*{_AMOUNT}\s*%?\s*$"},
                'How far it moved: ">= 100", "> 1%", "< 0", "abs >= 10".',
            ),
            "score": _said({"type": "string", "pattern": rf"^\s*(>=|<=|>|<)\s*{_AMOUNT}\s*$"}, 'Like ">= 90".'),
        }
    )


def _receiver() -> Schema:
    channels: Schema = {
        "apprise": _said(_TEXTS, "One or more Apprise URLs; ${NAME} is taken from the environment."),
        "file": _said(_TEXT, "One line of JSON for each message; the path starts at this file's folder."),
        "terminal": {"const": True},
    }
    return _mapping({**channels, "timezone": _said(_TEXT, "Like Europe/Zurich.")}) | {
        "oneOf": [{"required": [channel]} for channel in channels]
    }


def _sources() -> Schema:
    return dict.fromkeys(SOURCES, _source({})) | {GENERIC.name: _source({"selectors": _selectors()})}


def _source(own: Schema) -> Schema:
    """What can be said of every source, and what of one alone."""
    return _mapping(
        {
            "hosts": _said({"type": "array", "items": _HOST, "minItems": 1}, "In the place of the source's own."),
            "enabled": _said({"type": "boolean"}, "Asked or not; some sources are off until this is true."),
            "api_key": _said({"type": "string", "minLength": 1}, "Yours, for interfaces that have one."),
            "min_interval_seconds": _said({"type": "number", "minimum": 0}, "Between two requests to one host."),
            "daily_budget": _said({"type": "integer", "minimum": 1}, "Requests to one host in a day (UTC)."),
            "canary": _said(_URL, "A profile that is never empty, for `sources doctor`."),
        }
        | own
    ) | {"minProperties": 1}


def _selectors() -> Schema:
    """By host or part of a host."""
    names = {name: _said(_TEXT, "A CSS selector.") for name in NAMES}
    places = {"type": "object", "propertyNames": {"pattern": f"^({PLACE})$"}}
    return _said(
        places | {"additionalProperties": _mapping(names, required=("paper",))}, "Where the papers are, by host."
    )


def _fetch() -> Schema:
    return _mapping(
        {
            "user_agent": _or_nothing(
                _said(
                    {"type": "string", "pattern": r"^[ -~]*[!-~][ -~]*$"},
                    'Who asks, with an address: "My Lab (mailto:me@example.org)".',
                )
            ),
            "min_interval_seconds": _said({"type": "number", "minimum": 0}, "Between two requests to one host."),
            "daily_budget": _said({"type": "integer", "minimum": 1}, "Requests to one host in a day (UTC)."),
            "timeout_seconds": _said({"type": "number", "minimum": 0.1}, "For one whole request."),
            "max_bytes": _said({"type": "integer", "minimum": 1000}, "Of one page, decompressed."),
            "connections_per_host": {"type": "integer", "minimum": 1},
            "allow_private_hosts": _or_nothing({"type": "array", "items": _HOST}),
        }
    )


def _mapping(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    shape: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return shape | ({"required": list(required)} if required else {})


def _or_nothing(shape: Schema) -> Schema:
    """The shape, or an empty value: a key whose examples are all commented out."""
    if "type" in shape:
        return shape | {"type": [shape["type"], "null"]}
    return shape | {"anyOf": [*shape["anyOf"], {"type": "null"}]}


def _said(shape: Schema, description: str) -> Schema:
    return shape | {"description": description}


def printed() -> str:
    """The schema as ``docs/scholarwatch.schema.json`` holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
