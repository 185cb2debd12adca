"""The units of systemd, as its own tool finds them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.prefect_server import BIN

_FOLDER = Path(__file__).parents[2] / "deployments" / "systemd"
_UNITS = sorted(path.name for path in _FOLDER.iterdir())
_PROGRAM = "/opt/scholarwatch/.venv/bin/scholarwatch"


def test_every_service_that_a_timer_starts_is_there() -> None:
    assert _UNITS == [
        "scholarwatch-up.service", "scholarwatch-watch.service", "scholarwatch-watch.timer", "scholarwatch.service",
        "scholarwatch.timer",
    ]  # fmt: skip


def test_systemd_understands_them(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here")
    for name in _UNITS:
        # It looks whether the program is there.
        text = (_FOLDER / name).read_text("utf-8").replace(_PROGRAM, str(BIN / "scholarwatch"))
        (tmp_path / name).write_text(text, "utf-8")
    files = [str(tmp_path / name) for name in _UNITS]
    done = subprocess.run([analyze, "verify", "--man=no", *files], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("name", [name for name in _UNITS if name.endswith(".service")])
def test_a_service_may_do_little(name: str) -> None:
    lines = (_FOLDER / name).read_text("utf-8").splitlines()
    assert {"User=scholarwatch", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="} <= set(lines)


@pytest.mark.parametrize("name", [name for name in _UNITS if name.endswith(".service")])
def test_a_service_starts_a_verb_that_is_there(name: str) -> None:
    from tests.deployments.test_containers import assert_our_command

    [started] = [line for line in (_FOLDER / name).read_text("utf-8").splitlines() if line.startswith("ExecStart=")]
    program, *words = started.removeprefix("ExecStart=").split()
    assert program == _PROGRAM
    assert_our_command(["scholarwatch", *words])
