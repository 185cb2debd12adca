"""Which Prefect server the person at this machine has chosen, read as Prefect reads it, without importing Prefect."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from flows.config.error import ConfigError

#: Profiles that Prefect ships and a file of one's own need not repeat.
_SHIPPED = {"local": "http://127.0.0.1:4200/api"}


def api_url(environment: Mapping[str, str]) -> str | None:
    """The URL of the server's API, None when none is configured.

    ``PREFECT_API_URL`` goes first, then the active profile: the one that ``PREFECT_PROFILE`` or the file of profiles
    names. Raises ConfigError when that file cannot be read.
    """
    if url := environment.get("PREFECT_API_URL", "").strip():
        return url
    profiles = _profiles(_profiles_path(environment))
    active = environment.get("PREFECT_PROFILE") or profiles.get("active")
    if not isinstance(active, str):
        return None
    every = profiles.get("profiles")
    profile = every.get(active) if isinstance(every, dict) else None
    if not isinstance(profile, dict):
        return _SHIPPED.get(active)
    return str(profile.get("PREFECT_API_URL") or "") or None


def _profiles_path(environment: Mapping[str, str]) -> Path:
    if path := environment.get("PREFECT_PROFILES_PATH"):
        return Path(path).expanduser()
    home = environment.get("PREFECT_HOME")
    return (Path(home).expanduser() if home else Path.home() / ".prefect") / "profiles.toml"


def _profiles(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"Prefect's profiles cannot be read: {error}", file=str(path)) from None
