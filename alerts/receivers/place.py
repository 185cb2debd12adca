"""Where receivers are: what of their surroundings the caller decides."""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TextIO

from alerts.setting import Setting


@dataclass(frozen=True, slots=True)
class Place:
    #: Of the configuration: relative paths start here.
    folder: Path
    #: What a terminal receiver writes to.
    stream: TextIO
    #: A mail address or a URL by which the owner can be reached.
    contact: str | None = None
    #: In which the receiver reads times.
    timezone: tzinfo = UTC

    def path(self, setting: Setting) -> Path:
        """The path that a setting names."""
        path = setting.text()
        if path.startswith("~"):
            setting.refuse("“~” is not expanded: write the whole path, or ${HOME}")
        return self.folder / path
