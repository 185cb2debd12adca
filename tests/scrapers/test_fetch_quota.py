"""What hosts say of their quota, in the forms that are in use."""

import pytest

from scrapers.quota import quota_rest_seconds

DATE = {"date": "Sun, 22 Nov 2026 12:00:00 GMT"}
NOON = 1795348800


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "60"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "60"}, 60),
        ({"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "0.5"}, 0.5),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOON + 90)} | DATE, 90),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(1000 * (NOON + 90))} | DATE, 90),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOON - 90)} | DATE, 0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOON + 90)}, None),
        ({"x-ratelimit-remaining": "0"}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "tomorrow"}, None),
        ({"x-ratelimit-remaining": "-1", "x-ratelimit-reset": "60"}, None),
        ({"x-ratelimit-limit": "100", "x-ratelimit-reset": "60"}, None),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "60"}, 60),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "60"}, 60),
        ({"ratelimit": "limit=100, remaining=0, reset=60"}, 60),
        ({"ratelimit": "limit=100, remaining=5, reset=60"}, None),
        ({"ratelimit": '"default";r=0;t=60'}, 60),
        ({"ratelimit": '"second";r=0;t=1, "day";r=12;t=3600'}, 1),
        ({"ratelimit": '"second";r=0;t=1, "day";r=0;t=3600'}, 3600),
        ({"ratelimit": '"default";r=0'}, None),
        ({"ratelimit": '"default";pk=:cHM=:;r=7;t=60'}, None),
        ({"ratelimit": "nonsense"}, None),
    ],
)
def test_a_used_up_quota_says_how_long_to_rest(headers: dict[str, str], seconds: float | None) -> None:
    assert quota_rest_seconds(headers) == seconds
