"""Files that are there only when they are whole."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from flows.export.wanted import WrongExport


def refuse_to_overwrite(path: Path, *, force: bool) -> None:
    """Raises WrongExport where there is something that must stay."""
    if path.is_dir():
        raise WrongExport(f"{path} is a folder; name a file")
    if path.exists() and not force:
        raise WrongExport(f"{path} is there already; --force takes its place")


@contextmanager
def folder_for_files(path: Path) -> Iterator[None]:
    """A folder that is there, or a new one that goes again when what is to be in it could not be written.

    Raises WrongExport where there is something else, OSError.
    """
    if path.exists():
        if not path.is_dir():
            raise WrongExport(f"{path} is a file; name a folder, in which there will be a file for each table")
        yield
        return
    path.mkdir()
    try:
        yield
    except BaseException:
        path.rmdir()
        raise


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file beside ``path`` that gets its name, and takes the place of what bears it, when all is written.

    Raises OSError.
    """
    folder = path.absolute().parent
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=folder)
    try:
        with open(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _usual_mode())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _usual_mode() -> int:
    """What a new file may be used for; a temporary one is its owner's alone."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
