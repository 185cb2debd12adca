"""What a receiver of ``scholarwatch.yaml`` looks like, for the JSON Schema of `flows.config.schema`."""

from alerts.citations import Style
from alerts.receivers.times import WEEKDAYS
from flows.config.schema_shapes import TEXT, TEXTS, Schema, mapping, said

_URL: Schema = {"type": "string", "pattern": r"^\s*https?://\S+\s*$"}
_CLOCK = "([01]?[0-9]|2[0-3]):[0-5][0-9]"
_STYLE: Schema = {"enum": [str(style) for style in Style]}


def receiver() -> Schema:
    """A mapping with exactly one way to deliver, what goes with that way, and when it may be used."""
    return mapping({**_ways(), **_beside(), **_times()}) | {
        "oneOf": [{"required": [way]} for way in _ways()],
        "dependentRequired": {"webhook": ["secret"], "secret": ["webhook"]}
        | {name: ["feed"] for name in ("feed_authority", "feed_url")},
    }


def _ways() -> Schema:
    return {
        "apprise": said(TEXTS, "One or more Apprise URLs; ${NAME} is taken from the environment."),
        "feed": said(TEXT, "A folder of Atom and JSON Feed files; the path starts at this file's folder."),
        "file": said(TEXT, "One line of JSON for each message; the path starts at this file's folder."),
        "mail": said(_mail(), "Mail with text, HTML and pictures."),
        "terminal": {"const": True},
        "webhook": said(_URL, "JSON is posted there, signed by Standard Webhooks."),
    }


def _beside() -> Schema:
    return {
        "secret": said(TEXTS, "Of a webhook: 24 to 64 bytes in base64; several while it is changed."),
        "feed_authority": said(TEXT, "Of feeds: a mail address or a domain of yours, in whose name ids are given."),
        "feed_url": said(_URL, "Of feeds: where the folder is shown."),
    }


def _mail() -> Schema:
    return mapping(
        {
            "to": said(TEXTS, "One or more addresses, like Ada Example <ada@example.org>."),
            "from": said(TEXT, "The address that it is from."),
            "server": said(
                {"type": "string", "pattern": r"^\s*smtps?://\S+\s*$"},
                "smtp://user:${MAIL_PASSWORD}@mail.example.org:587, or smtps://….",
            ),
            "unsubscribe": said(TEXTS, "Where no more mail can be asked for: mailto:… or https://…."),
            "attach": said(
                {"anyOf": [_STYLE, {"type": "array", "items": _STYLE, "minItems": 1}]}, "New papers as files."
            ),
            "insecure": said({"type": "boolean"}, "Without encryption, or with a certificate that nobody knows."),
        },
        required=("to", "from", "server"),
    )


def _times() -> Schema:
    return {
        "timezone": said(TEXT, "Like Europe/Zurich."),
        "quiet": said(
            {"type": "string", "pattern": rf"^\s*{_CLOCK}\s*[-–]\s*{_CLOCK}\s*$"}, 'Nothing goes out: "22:00-07:00".'
        ),
        "digest_at": said({"type": "string", "pattern": rf"^\s*{_CLOCK}\s*$"}, "When digests go out; 08:00."),
        "digest_day": said(
            {"type": "string", "pattern": f"^\\s*(?:{'|'.join(_any_case(day) for day in WEEKDAYS)})\\s*$"},
            "Of weekly digests; monday.",
        ),
        "cap": said(
            {"type": "integer", "minimum": 1}, "Messages at once in 24 hours; what is beyond waits for the digest."
        ),
    }


def _any_case(word: str) -> str:
    return "".join(f"[{letter}{letter.upper()}]" for letter in word)
