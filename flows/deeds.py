"""What a run did, in a few words, out of its manifest.

>>> deeds("track", manifest)
'4 profiles: 3 ok, 1 blocked; 2 paper.new'
"""

from collections.abc import Mapping
from typing import Any

from alerts.figures import as_words, counted


def deeds(kind: str, manifest: Mapping[str, Any]) -> str:
    """What a run of a kind did."""
    match kind:
        case "track" if "skipped" in manifest:
            return str(manifest["skipped"]["detail"])
        case "track":
            return f"{counted(manifest['profiles'], 'profile')}: {as_words(manifest['outcomes'])}; {news(manifest)}"
        case "deliver":
            return f"{manifest['delivered']:,} of {counted(manifest['messages'], 'message')}"
        case "backfill":
            of_profiles = f"of {counted(manifest['profiles'], 'profile')}"
            return f"{counted(manifest['captures'], 'capture')} {of_profiles}; {news(manifest)}"
        case "replay":
            return f"{counted(manifest['pages'], 'page')} read again, {manifest['different']:,} otherwise than before"
        case "watch":
            found = counted(manifest["failed"], "thing") if manifest["failed"] else "nothing"
            return f"{found} wrong; told: {news(manifest)}"
        case "keep":
            return f"let go of {counted(manifest['pages'], 'page')}"
        case "revert":
            return f"took run {manifest['reverted']} back: {undone(manifest)}"
    return ""


def undone(manifest: Mapping[str, Any]) -> str:
    """What taking a run back takes back."""
    parts = [counted(manifest["profiles"], "profile"), counted(manifest["snapshots"], "snapshot")]
    events = sum(manifest["events"].values())
    parts.append(f"{counted(events, 'event')} ({as_words(manifest['events'])})" if events else "no event")
    return ", ".join(parts)


def news(manifest: Mapping[str, Any]) -> str:
    """What was recorded, by kind."""
    return as_words(manifest["events"]) if manifest["events"] else "nothing new"
