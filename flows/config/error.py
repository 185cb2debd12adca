"""What is wrong with a configuration, where, and what would be right."""

from alerts.setting import KeyPath, SettingError


class ConfigError(Exception):
    """The configuration cannot be used. ``str()`` is one line that names file, line and key, as far as they are known:

    ``scholarwatch.yaml:12: rules[0].where.delta: "10+" is no comparison; write ">= 10"``
    """

    def __init__(
        self,
        message: str,
        *,
        file: str = "",
        line: int | None = None,
        column: int | None = None,
        path: KeyPath = (),
        excerpt: str = "",
    ) -> None:
        """``excerpt`` is what stands there, for the one who has the file: it may hold a secret."""
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.path = path
        place = ":".join(str(part) for part in (file, line, column) if part not in ("", None))
        #: The text of the error without the excerpt, for anybody.
        self.public = ": ".join(part for part in (place, key_text(path), message) if part)
        super().__init__(f"{self.public}: {excerpt}" if excerpt else self.public)


class RepeatError(SettingError):
    """The value at ``path`` says again what the one at ``first`` said; the loader adds the line of that."""

    def __init__(self, path: KeyPath, message: str, first: KeyPath) -> None:
        super().__init__(path, message)
        self.first = first


def key_text(path: KeyPath) -> str:
    """A key path as people write it: ``rules[0].where.delta``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
