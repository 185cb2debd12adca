"""The JSON Schema of ``scholarwatch.yaml``, for editors: completion, and red lines under what will be refused.

``docs/scholarwatch.schema.json`` is what `printed` gives. The schema says what a file looks like; what holds across
several keys (a rule notifies a receiver that exists) only the loader knows.
"""

import json

from flows.config.receiver_schema import receiver
from flows.config.rules_schema import definitions, narrower_rules, rule, tags
from flows.config.schema_shapes import TEXT, Schema, mapping, or_nothing, said
from flows.config.selectors import PLACE
from scrapers.registry import SOURCES
from scrapers.sources.generic import GENERIC
from scrapers.sources.generic.selectors import NAMES

_EVERY: Schema = {
    "anyOf": [{"const": "adaptive"}, {"type": "string", "pattern": r"^\s*[0-9]{1,4}\s*[hdw]\s*$"}],
}
_AGE: Schema = {"type": "string", "pattern": r"^\s*[0-9]{1,4}\s*[hdw]\s*$"}
_URL: Schema = {"type": "string", "pattern": r"^\s*https?://\S+\s*$"}
_HOST: Schema = {
    "type": "string",
    "pattern": r"^\s*([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?\s*$",
}


def schema() -> Schema:
    """The schema, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "scholarwatch.yaml",
        "description": "Who is followed by Scholarwatch, and who hears about what.",
        "$defs": definitions(),
    } | or_nothing(
        mapping(
            {
                "database": or_nothing(
                    said(TEXT, "A path, or postgresql+psycopg://…; without it scholarwatch.db beside this file.")
                ),
                "people": or_nothing(said({"type": "array", "items": _person()}, "Who is followed.")),
                "rules": or_nothing(
                    said({"type": "array", "items": rule()}, "Who hears about which events; without it, the usual.")
                ),
                "tags": or_nothing(said(tags(), "What is said otherwise of rules for people by their tags.")),
                "receivers": or_nothing(
                    said({"type": "object", "additionalProperties": receiver()}, "Where messages go, by name.")
                ),
                "sources": or_nothing(said(mapping(_sources()), "What is said of sources.")),
                "cadence": or_nothing(said(_cadence(), "How often everybody is checked.")),
                "watch": or_nothing(said(_watch(), "When somebody is told that the program itself is not at work.")),
                "retention": or_nothing(said(_retention(), "What is let go of in time; without it, nothing.")),
                "fetch": or_nothing(said(_fetch(), "As whom, and how gently, pages are asked for.")),
            }
        )
    )


def _cadence() -> Schema:
    tags = {"type": "object", "additionalProperties": _EVERY}
    spread = {"anyOf": [{"const": 0}, {"type": "string", "pattern": r"^\s*[0-9]{1,4}\s*[hd]\s*$"}]}
    section = mapping(
        {
            "default": said(_EVERY, "Of everybody for whom nothing else is said; 24h without it."),
            "spread": said(spread, "The part of the day over which checks are spread."),
            "tags": said(tags, "By tag; of several the shortest holds."),
        }
    )
    return {"anyOf": [_EVERY, section]}


def _person() -> Schema:
    profile = {
        "anyOf": [
            _URL,
            mapping({"url": _URL, "source": {"enum": list(SOURCES)}, "cadence": _EVERY}, required=("url",)),
        ]
    }
    person = mapping(
        {
            "name": said(TEXT, "Without it, the profile page gives the name."),
            "tags": or_nothing({"anyOf": [TEXT, {"type": "array", "items": TEXT}]}),
            "cadence": said(_EVERY, "How often the profiles are checked."),
            "rules": or_nothing(said(narrower_rules(), "Rules of this person alone; they need the name.")),
            "profiles": {"anyOf": [*profile["anyOf"], {"type": "array", "items": profile, "minItems": 1}]},
        },
        required=("profiles",),
    )
    return {"anyOf": [_URL, person]}


def _sources() -> Schema:
    return dict.fromkeys(SOURCES, _source({})) | {GENERIC.name: _source({"selectors": _selectors()})}


def _source(own: Schema) -> Schema:
    """What can be said of every source, and what of one alone."""
    return mapping(
        {
            "hosts": said({"type": "array", "items": _HOST, "minItems": 1}, "In the place of the source's own."),
            "enabled": said({"type": "boolean"}, "Asked or not; some sources are off until this is true."),
            "api_key": said({"type": "string", "minLength": 1}, "Yours, for interfaces that have one."),
            "min_interval_seconds": said({"type": "number", "minimum": 0}, "Between two requests to one host."),
            "daily_budget": said({"type": "integer", "minimum": 1}, "Requests to one host in a day (UTC)."),
            "canary": said(_URL, "A profile that is never empty, for `sources doctor`."),
        }
        | own
    ) | {"minProperties": 1}


def _selectors() -> Schema:
    """By host or part of a host."""
    names = {name: said(TEXT, "A CSS selector.") for name in NAMES}
    places = {"type": "object", "propertyNames": {"pattern": f"^({PLACE})$"}}
    return said(
        places | {"additionalProperties": mapping(names, required=("paper",))}, "Where the papers are, by host."
    )


def _fetch() -> Schema:
    return mapping(
        {
            "user_agent": or_nothing(
                said(
                    {"type": "string", "pattern": r"^[ -~]*[!-~][ -~]*$"},
                    'Who asks, with an address: "My Lab (mailto:me@example.org)".',
                )
            ),
            "min_interval_seconds": said({"type": "number", "minimum": 0}, "Between two requests to one host."),
            "daily_budget": said({"type": "integer", "minimum": 1}, "Requests to one host in a day (UTC)."),
            "timeout_seconds": said({"type": "number", "minimum": 0.1}, "For one whole request."),
            "max_bytes": said({"type": "integer", "minimum": 1000}, "Of one page, decompressed."),
            "connections_per_host": {"type": "integer", "minimum": 1},
            "allow_private_hosts": or_nothing({"type": "array", "items": _HOST}),
        }
    )


def _watch() -> Schema:
    return mapping(
        {
            "no_run_hours": said(
                {"type": "integer", "minimum": 1, "maximum": 8784},
                "Without a good run, before it is told; 36 without it.",
            ),
            "stale_cadences": said(
                {"type": "integer", "minimum": 1, "maximum": 100},
                "Of a profile that is not read, before it is told; 3 without it.",
            ),
            "heartbeat": or_nothing(said(_URL, "Asked for after each run; ${NAME} is taken from the environment.")),
        }
    )


def _retention() -> Schema:
    flag: Schema = {"type": "boolean"}
    return mapping(
        {
            "pages": said(_AGE, "Raw pages that no check has seen for so long are let go of: 365d, 52w."),
            "even_told": said(flag, "Also those that prove what somebody was told; false without it."),
            "vacuum": said(flag, "Give the room back to the disk afterwards; false without it."),
        },
        required=("pages",),
    )


def printed() -> str:
    """The schema as ``docs/scholarwatch.schema.json`` holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
