"""A file gets a new content at once or not at all."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def replace_text(path: Path, text: str) -> None:
    """Put ``text`` in the place of what the file holds; its mode stays, and a link to it still leads to it.

    A crash at any time leaves the old content or the new one. Raises OSError.
    """
    target = path.resolve()
    with NamedTemporaryFile(
        "w", dir=target.parent, prefix=f".{target.name}.", delete=False, encoding="utf-8", newline=""
    ) as draft:
        try:
            draft.write(text)
            draft.flush()
            os.fchmod(draft.fileno(), target.stat().st_mode & 0o7777)
            os.fsync(draft.fileno())
            os.replace(draft.name, target)
        except BaseException:
            os.unlink(draft.name)
            raise
