"""The configuration as whoever only looks on has it: as it is, broken, or not there at all."""

from dataclasses import dataclass
from pathlib import Path

from flows.config.whole import Settings
from flows.settings import ConfigError, config_path, load, patience_of
from tracking.watchfulness import USUAL_PATIENCE, Patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """A configuration that was looked at."""

    #: None: it cannot be used, or there is none.
    settings: Settings | None = None
    #: As the configuration says, where that part of it can be read.
    patience: Patience = USUAL_PATIENCE
    #: Why it cannot be used, with file, line and key.
    broken: str | None = None

    @property
    def is_sound(self) -> bool | None:
        """None: there is none."""
        if self.settings is None and self.broken is None:
            return None
        return self.broken is None


def configured(config: Path | None, *, database: str | None = None) -> Configured:
    """Look at the configuration. It is no mistake where the usual file is not there: who asks may name a database."""
    if config is None and not config_path(config).exists():
        return Configured()
    try:
        settings = load(config, database=database)
    except ConfigError as error:
        return Configured(patience=_patience(config), broken=error.public)
    return Configured(settings=settings, patience=settings.watch.patience)


def _patience(config: Path | None) -> Patience:
    try:
        return patience_of(config)
    except ConfigError:
        return USUAL_PATIENCE
