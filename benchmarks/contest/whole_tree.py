"""Run a command, wait until its last descendant has ended, and write the CPU seconds of all of them as JSON.

    python -m benchmarks.contest.whole_tree CPU_FILE COMMAND…

What a process's parent never waits for – a server of forks and its workers – is missing from the parent's own account.
Here orphans come back to this process (Linux: PR_SET_CHILD_SUBREAPER), which waits for everybody.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Exit as the command does."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise SystemExit(os.strerror(ctypes.get_errno()))
    code = subprocess.run(sys.argv[2:], check=False).returncode
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    Path(sys.argv[1]).write_text(json.dumps(used.ru_utime + used.ru_stime), "utf-8")
    sys.exit(code)


if __name__ == "__main__":
    main()
