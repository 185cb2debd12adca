#!/usr/bin/env bash
# The workflow of this project, executable.
#
#   ./run.sh demo     follow five made-up researchers through a week and see what a person is told
#   ./run.sh test     the whole test suite
#   ./run.sh check    what CI holds a change to: format, lint, types, import contracts, tests, coverage
#   ./run.sh format   put the sources into the form that check wants
#   ./run.sh soak     the long tests that are left out of the ordinary run, and the laws, tried five times as often
#   ./run.sh bench    the benchmarks (see benchmarks/README.md)
#   ./run.sh install  what the others need, and nothing else
#
# Each makes .venv and installs the project where that has not been done yet.
set -euo pipefail
cd "$(dirname "$0")"

PYTHON="${PYTHON:-python3}"
export DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false
# What pytest makes of a file of tests takes longer than to read it: it is kept for the next time.
unset PYTHONDONTWRITEBYTECODE
SOURCES=(alerts cli flows scrapers storage tracking web world tests benchmarks)

install() {
    # The stamp is newer than what was installed from: nothing to do.
    if [ -e .venv/installed ] && [ .venv/installed -nt pyproject.toml ] && [ .venv/installed -nt constraints.txt ]; then
        return
    fi
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        echo "Python 3.11 or newer is needed; $PYTHON is $("$PYTHON" --version 2>&1). Name another one with PYTHON=…" >&2
        exit 1
    }
    echo "Installing into .venv (once) …" >&2
    [ -x .venv/bin/python ] || "$PYTHON" -m venv .venv
    packages .venv -c constraints.txt -e '.[dev]'
    touch .venv/installed
}

# Install packages into an environment. uv takes a tenth of the time, and does not know what pip is set up to: where
# it cannot be had, or fails, pip does it. Doubly quiet: the warnings of a machine whose pip knows places that are not there are of no use.
packages() {
    local environment="$1"
    shift
    "$environment/bin/python" -m pip install -qq --disable-pip-version-check -c constraints.txt uv &&
        "$environment/bin/uv" pip install -q --compile-bytecode --python "$environment/bin/python" "$@" ||
        "$environment/bin/python" -m pip install -qq --disable-pip-version-check "$@"
}

# The verbs that only read answer in half a second, and tests start their processes so, also where Python may not write
# bytecode.
compile_sources() {
    .venv/bin/python -m compileall -q -j 0 "${SOURCES[@]}"
}

# The archive server that tests run against. Where it cannot be had, its tests skip and say so.
install_pywb() {
    if [ -e .venv/pywb/installed ] && [ .venv/pywb/installed -nt constraints-pywb.txt ]; then
        return
    fi
    echo "Installing pywb into .venv/pywb (once) …" >&2
    if [ -x .venv/pywb/bin/python ] || "$PYTHON" -m venv .venv/pywb; then
        packages .venv/pywb -c constraints-pywb.txt pywb &&
            touch .venv/pywb/installed && return
    fi
    echo "pywb could not be installed: the tests that need a real archive will skip" >&2
}

# Both at once: each is one process that unpacks and compiles.
install_for_tests() {
    install_pywb &
    install
    wait
    compile_sources
}

command="${1:-}"
[ $# -gt 0 ] && shift
case "$command" in
    install)
        install_for_tests
        ;;
    demo)
        install
        compile_sources
        .venv/bin/scholarwatch demo "$@"
        ;;
    test)
        install_for_tests
        .venv/bin/python -m pytest -n 2 --dist loadgroup -m "not slow" "$@"
        ;;
    soak)
        install_for_tests
        .venv/bin/python -m pytest -n 2 --dist loadgroup -m "slow or hypothesis" --hypothesis-profile soak "$@"
        ;;
    check)
        install_for_tests
        .venv/bin/ruff format --check "${SOURCES[@]}"
        .venv/bin/ruff check "${SOURCES[@]}"
        .venv/bin/mypy
        .venv/bin/lint-imports
        .venv/bin/python -m pytest -n 2 --dist loadgroup -m "not slow" --cov --cov-report=term "$@"
        # The pure core is covered whole, branches included; the rest has its own floor in pyproject.toml.
        .venv/bin/coverage report --include='tracking/*' --fail-under=100
        ;;
    format)
        install
        .venv/bin/ruff check --fix "${SOURCES[@]}"
        .venv/bin/ruff format "${SOURCES[@]}"
        ;;
    bench)
        install
        .venv/bin/python benchmarks/daily_run.py "$@"
        ;;
    *)
        sed -n '2,12s/^# \{0,1\}//p' "$0"
        [ -z "$command" ] || exit 2
        ;;
esac
