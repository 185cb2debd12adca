"""Where receivers are: what of their surroundings the caller decides."""

from dataclasses import dataclass
from pathlib import Path
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Place:
    #: Of the configuration: relative paths start here.
    folder: Path
    #: What a terminal receiver writes to.
    stream: TextIO
