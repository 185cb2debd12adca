"""Numbers that a setting may hold."""

import math

from alerts.setting import Setting


def seconds(setting: Setting, least: float) -> float:
    """A finite number of seconds. Raises SettingError."""
    value = setting.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < least:
        setting.refuse(f"must be a number of seconds, {least:g} or more")
    return float(value)
