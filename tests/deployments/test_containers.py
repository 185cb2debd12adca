"""The files for containers, as far as they can be tried where nothing runs containers.

What is built of them, and whether it starts, is not seen here: docs/deploying.md says so.
"""

import json
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from flows.up_place import RETENTION
from tests.prefect_server import BIN

_ROOT = Path(__file__).parents[2]
_FOLDER = _ROOT / "deployments"
_DOCKERFILE = (_FOLDER / "Dockerfile").read_text("utf-8")
_COMPOSE: dict[str, Any] = yaml.safe_load((_FOLDER / "compose.yaml").read_text("utf-8"))
_SERVICES: dict[str, dict[str, Any]] = _COMPOSE["services"]
_OURS = [name for name, service in _SERVICES.items() if service["image"] == "scholarwatch"]
_OUR_VARIABLES = {"SCHOLARWATCH_CONFIG", "SCHOLARWATCH_DATABASE", "SCHOLARWATCH_TOKEN"}
#: Of Python, of the shell, of PostgreSQL's image and of pip.
_OTHER_VARIABLES = {
    "PYTHONUNBUFFERED", "PATH", "DO_NOT_TRACK", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD",
    "PIP_DISABLE_PIP_VERSION_CHECK", "PIP_NO_CACHE_DIR",
}  # fmt: skip


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Name and the rest of each instruction of a Dockerfile."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for instruction in re.sub(r"\\\n\s*", " ", lines).splitlines():
        if instruction.strip():
            name, _, rest = instruction.partition(" ")
            yield name, rest.strip()


_ALL = list(instructions(_DOCKERFILE))
_LAST_STAGE = _ALL[max(n for n, (name, _) in enumerate(_ALL) if name == "FROM") :]


# ---- the Dockerfile


def test_a_linter_has_nothing_to_say() -> None:
    done = subprocess.run([BIN / "hadolint", _FOLDER / "Dockerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_what_is_installed_with_is_not_in_the_image_and_nobody_is_root() -> None:
    assert [name for name, _ in _ALL].count("FROM") == 2
    assert [rest for name, rest in _LAST_STAGE if name == "USER"] == ["10001:10001"]
    assert not [rest for name, rest in _LAST_STAGE if name == "RUN" and "pip" in rest]
    # After the user is set, nothing is done as root.
    names = [name for name, _ in _LAST_STAGE]
    assert set(names[names.index("USER") + 1 :]) == {"VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}


def test_its_commands_exist() -> None:
    [command] = [json.loads(rest) for name, rest in _LAST_STAGE if name == "CMD"]
    assert_our_command(command)
    [check] = [rest for name, rest in _LAST_STAGE if name == "HEALTHCHECK"]
    assert_checks_health(json.loads(check.partition("CMD ")[2]))


def test_the_whole_program_goes_into_the_image() -> None:
    """Of the project's folder, what is asked for by name; and of that nothing is forgotten."""
    ignored = (_FOLDER / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored
    taken = {line[1:] for line in ignored if line.startswith("!")}
    packages = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    assert taken >= {*packages["only-include"], "deployments/prefect.yaml", "deployments/automations.yaml"}
    for name, rest in _ALL:
        if name == "COPY" and not rest.startswith(("--from", ". ")):
            assert taken >= set(rest.split()[:-1])
    assert all((_ROOT / path).exists() for path in taken)


# ---- compose.yaml


def test_it_is_what_the_compose_specification_says() -> None:
    vendored = resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema = json.loads(vendored.read_text("utf-8"))
    Draft7Validator.check_schema(schema)
    assert [error.message for error in Draft7Validator(schema).iter_errors(_COMPOSE)] == []


def test_each_part_waits_for_what_it_needs() -> None:
    assert list(_SERVICES) == ["database", "prefect", "deploy", "worker", "web"]
    for name, service in _SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in _SERVICES
            if how["condition"] == "service_healthy":
                other = _SERVICES[needed]
                # The image's own, or one that is said here.
                assert not other.get("healthcheck", {}).get("disable"), f"{name} waits for {needed} for ever"


@pytest.mark.parametrize("name", _OURS)
def test_nothing_may_do_more_than_it_needs(name: str) -> None:
    service = _SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    # What is served is served to this machine.
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_two_databases_that_are_not_the_same() -> None:
    prefects = _SERVICES["prefect"]["environment"]["PREFECT_SERVER_DATABASE_CONNECTION_URL"]
    ours = {_SERVICES[name]["environment"]["SCHOLARWATCH_DATABASE"] for name in _OURS}
    assert prefects.endswith("@database/prefect")
    assert [url.rpartition("@")[2] for url in ours] == ["database/scholarwatch"]
    assert _SERVICES["database"]["environment"]["POSTGRES_DB"] == "scholarwatch"
    assert "CREATE DATABASE prefect;" in (_FOLDER / "prefect-database.sql").read_text("utf-8")


def test_no_password_is_written_down() -> None:
    text = (_FOLDER / "compose.yaml").read_text("utf-8")
    assert set(re.findall(r"\$\{(\w+)", text)) == {"POSTGRES_PASSWORD", "SCHOLARWATCH_TOKEN"}
    # Without one, compose says what is missing.
    assert text.count("${") == text.count(":?")


def test_prefects_database_stays_as_small_as_with_up() -> None:
    environment = _SERVICES["prefect"]["environment"]
    assert {name: environment.get(name) for name in RETENTION} == RETENTION


@pytest.mark.prefect
def test_every_variable_is_one_that_somebody_reads() -> None:
    from prefect.settings.legacy import _get_valid_setting_names
    from prefect.settings.models.root import Settings

    known = _get_valid_setting_names(Settings) | _OUR_VARIABLES | _OTHER_VARIABLES
    said: set[str] = set()
    for service in _SERVICES.values():
        environment: Mapping[str, str] = service.get("environment", {})
        said |= set(environment)
    for name, rest in _ALL:
        if name == "ENV":
            said |= {word.partition("=")[0] for word in shlex.split(rest)}
    assert said - known == set()


@pytest.mark.prefect
@pytest.mark.parametrize("name", _OURS)
def test_the_command_of_each_part_exists(name: str) -> None:
    service = _SERVICES[name]
    program, *words = service["command"]
    if program == "prefect":
        from prefect.cli._app import _app

        _, bound, unused, _ = _app.parse_known_args(words)
        assert (bound.arguments != {}, unused) == (True, [])
    else:
        assert_our_command(service["command"])
    check = service.get("healthcheck", {})
    if "test" in check:
        kind, *command = check["test"]
        assert kind == "CMD"
        assert_checks_health(command)


def assert_our_command(command: list[str]) -> None:
    import typer.main

    from cli.main import app

    program, verb, *words = command
    assert program == "scholarwatch"
    group = typer.main.get_command(app)
    found = group.commands[verb]  # type: ignore[attr-defined]
    # Raises for an option that it does not know.
    found.make_context(verb, list(words), resilient_parsing=False)


def assert_checks_health(command: list[str]) -> None:
    program, option, code = command
    assert (program, option) == ("python", "-c")
    compile(code, "healthcheck", "exec")
    assert re.search(r"urlopen\('http://127\.0\.0\.1:(4200/api/health|8080/health|8710/login)', timeout=15\)", code)
