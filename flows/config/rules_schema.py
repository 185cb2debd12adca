"""The part of the JSON Schema that describes rules; see `alerts.rules` and `alerts.where_setting`."""

from alerts.rules import Every
from alerts.where import IfMissing
from flows.config.schema_shapes import TEXT, TEXTS, Schema, mapping, said
from tracking.event import EventKind

_AMOUNT = r"[+-]?(\d{1,3}([,_]\d{3})+|\d{1,15})(\.\d{1,9})?"
_DELTA = rf"\s*(abs\b)?\s*(>=|<=|>|<)\s*{_AMOUNT}\s*%?\s*"
_SIZE = r"(\d{1,3}([,_]\d{3})+|\d{1,15})"
_DURATION: Schema = {"type": "string", "pattern": r"^\s*[0-9]{1,4}\s*[hdw]\s*$"}
_CONDITION: Schema = {"$ref": "#/$defs/condition"}
_CONDITIONS: Schema = {"type": "array", "items": _CONDITION, "minItems": 1}

_PARTS: Schema = {
    "category": TEXTS,
    "title": said(TEXT, "A regular expression, searched in the title."),
    "abstract": said(TEXT, "A regular expression, searched in the abstract."),
    "coauthor": said(TEXTS, "Somebody among the authors: Ada Example, or A. Example."),
    "institution": said(TEXTS, "Words of the name of an institution of the paper."),
    "has_code": {"type": "boolean"},
    "score": said({"type": "string", "pattern": rf"^\s*(>=|<=|>|<)\s*{_AMOUNT}\s*$"}, 'Like ">= 90".'),
    "published_within": said(_DURATION, "Published at most so long before it was seen: 30d."),
    "person": TEXTS,
    "tag": TEXTS,
    "source": TEXTS,
    "metric": TEXTS,
    "delta": said(
        {"type": "string", "pattern": rf"^{_DELTA}(,\s*below\s+{_SIZE}\s*:{_DELTA})?$"},
        'How far it moved: ">= 100", "> 1%", "< 0", "abs >= 10", ">= 1%, below 1000: >= 10".',
    ),
    "within": said(_DURATION, "Beside delta: how far it moved in this time, and not with one check."),
    "all": said(_CONDITIONS, "Each of these must hold."),
    "any": said(_CONDITIONS, "One of these must hold."),
    "not": said(_CONDITION, "This must not hold."),
    "if_missing": said({"enum": [str(what) for what in IfMissing]}, "Where what is asked about is not known."),
}

_KIND: Schema = {"$ref": "#/$defs/kind"}
_KEYS: Schema = {
    "name": said(TEXT, "Messages give it as their reason; no two rules share one."),
    "on": said({"anyOf": [_KIND, {"type": "array", "items": _KIND, "minItems": 1}]}, "Kinds of events."),
    "notify": said(TEXTS, "Names of receivers; without it, all of them."),
    "every": said({"enum": [str(every) for every in Every]}, "At once, or in a digest."),
    "cooldown": said(_DURATION, "So long it tells nothing more of the same; what happens meanwhile is summed."),
    "wait": said(_DURATION, "So long a new paper that lacks something is looked at again."),
    "disabled": {"type": "boolean"},
}

#: The parts of a condition, each where it is described once.
_REFERENCES: Schema = {name: {"$ref": f"#/$defs/{name}"} for name in _PARTS}


def rule() -> Schema:
    """A rule for everybody. One that says the built-in rule “operations” otherwise needs no ``on``."""
    is_built_in = {"properties": {"name": {"const": "operations"}}}
    keys = _KEYS | {"where": mapping(_REFERENCES)}
    return mapping(keys, required=("name",)) | {"anyOf": [{"required": ["on"]}, is_built_in]}


def narrower_rules() -> Schema:
    """Rules for some people: whole ones, and what is otherwise in broader ones."""
    return {"type": "array", "items": {"$ref": "#/$defs/narrower_rule"}}


def tags() -> Schema:
    return {"type": "object", "additionalProperties": mapping({"rules": narrower_rules()}, required=("rules",))}


def definitions() -> Schema:
    """What the rest of the schema refers to."""
    return _PARTS | {
        "kind": {"enum": [str(kind) for kind in EventKind]},
        "condition": mapping(_REFERENCES) | {"minProperties": 1},
        "narrower_rule": mapping(
            _KEYS
            | {name: _or_taken_away(_KEYS[name]) for name in ("cooldown", "wait")}
            | {"where": mapping({name: _or_taken_away(part) for name, part in _REFERENCES.items()})},
            required=("name",),
        ),
    }


def _or_taken_away(part: Schema) -> Schema:
    """The part, or an empty value: what a broader rule says does not hold here."""
    return {"anyOf": [part, {"type": "null"}]}
