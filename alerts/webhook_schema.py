"""The JSON Schema of what webhooks get. ``docs/webhook.schema.json`` is what `printed` gives.

The ``data`` of it is also what the file receiver writes, a line each. Whoever reads either must bear names that stand
here later.
"""

import json
from typing import Any

from tracking.event import EventKind

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_TIME: Schema = {"type": "string", "format": "date-time"}
_VALUE: Schema = {"type": ["string", "number", "boolean", "array", "null"]}
_URL: Schema = {"type": "string", "format": "uri"}


def schema() -> Schema:
    """The schema, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A message of Scholarwatch",
        "description": "The body of a webhook; its id is that of the header webhook-id.",
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": _said(
                {"enum": ["scholarwatch.message", "scholarwatch.digest"]}, "What goes out at once, or a digest."
            ),
            "timestamp": _said(_TIME, "When the message was made; the same in every copy."),
            "data": _message(),
        },
    }


def _message() -> Schema:
    return {
        "type": "object",
        "required": ["id", "receiver", "rule", "created_at", "items"],
        "properties": {
            "id": _said(_TEXT, "The same in every copy: what has come already may be dropped."),
            "receiver": _said(_TEXT, "The name of the receiver in the configuration."),
            "rule": _said(_TEXT, "The names of all rules that asked for something, with commas between them."),
            "created_at": _TIME,
            "items": _said({"type": "array", "minItems": 1, "items": _item()}, "What matters most comes first."),
            "absorbed": _said(
                {"type": "integer", "minimum": 1},
                "Facts that a better parser read anew since the last digest; nobody was told of them.",
            ),
        },
    }


def _item() -> Schema:
    properties = _always() | _of_papers() | _of_changes() | _of_people()
    required = [*_always(), "people", "rules", "labels", "events"]
    return {"type": "object", "required": required, "properties": properties}


def _always() -> Schema:
    return {
        "kind": _said({"enum": [str(kind) for kind in EventKind]}, "What happened."),
        "person": _said(_TEXT, "Whom it is about; several people with commas and “and” between them."),
        "title": _said(_TEXT, "The paper's title, else the metric's name, else the person."),
        "before": _said(_VALUE, "What was shown before; null: nothing, or nothing that is known."),
        "after": _said(_VALUE, "What is shown now; a sentence where that says all there is to say."),
        "observed_at": _said(_TIME, "When a page first said so."),
        "why": _said(_TEXT, "Which rule asked for it, and why."),
    }


def _of_people() -> Schema:
    profile = {"type": "object", "properties": {"person": _TEXT, "source": _TEXT, "url": _TEXT}}
    return {
        "people": _said(_TEXTS, "The names of the people, one by one."),
        "person_keys": _said(
            {"type": "object", "additionalProperties": _TEXT},
            "The names of the people by source and key of their first profile, which tells people of one name apart.",
        ),
        "tags": _said(_TEXTS, "Of these people."),
        "rules": _said(_TEXTS, "The names of the rules that asked for it."),
        "labels": _said(_TEXTS, "People and rules."),
        "events": _said(_TEXTS | {"minItems": 1}, "The ids of the events, as “scholarwatch why” takes them."),
        "source": _said(_TEXT, "The source that said so."),
        "profile_url": _URL,
        "profiles": _said({"type": "array", "items": profile}, "Where it is shown, if in several places."),
        "first_together": _said(
            {"type": "array", "items": _TEXTS | {"minItems": 2, "maxItems": 2}}, "Pairs who had no paper together."
        ),
    }


def _of_papers() -> Schema:
    return {
        "paper_key": _said(_TEXT, "By which the paper is known here."),
        "authors": _TEXTS,
        "authors_complete": _said({"type": "boolean"}, "False: the page cuts the list."),
        "published": _said(
            {"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}, "As exactly as the page says it."
        ),
        "year_inferred": _said({"type": "boolean"}, "The page names no year: it is the latest that can be."),
        "category": _TEXT,
        "score": {"type": "number"},
        "has_code": {"type": "boolean"},
        "url": _said(_TEXT, "The paper's page, as the source gives it."),
        "arxiv_id": _TEXT,
        "doi": _TEXT,
        "first_seen": _said(_TIME, "Since when the profile shows a paper that was known before."),
    }


def _of_changes() -> Schema:
    return {
        "field": _said(_TEXT, "The metric, or what of a paper has changed."),
        "since": _said(_TIME, "Since when “before” was shown."),
        "summed": _said({"type": "boolean"}, "“before” and “since” are of an earlier change than the last one."),
        "told": _said(_TEXT, "The kind of what was told and is taken back."),
        "told_at": _said(_TIME, "When that was told."),
    }


def _said(shape: Schema, description: str) -> Schema:
    return shape | {"description": description}


def printed() -> str:
    """The schema as ``docs/webhook.schema.json`` holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
