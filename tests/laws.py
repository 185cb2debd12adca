"""How often Hypothesis tries a law: half as often as is said here in the ordinary run, five times as often in the soak.

>>> @given(history=histories())
>>> @tried(15)
>>> def test_any_order_equals_the_daily_run(...)
"""

from hypothesis import HealthCheck, settings

#: As often as a law is tried of which nothing is said; `tests.conftest` says how often that is in which run.
_EXAMPLES = 40


def tried(examples: int, *suppressed: HealthCheck) -> settings:
    """Settings of a law that is dear. ``suppressed`` says what Hypothesis must not mind."""
    return settings(
        max_examples=max(1, examples * settings.default.max_examples // _EXAMPLES),
        suppress_health_check=[HealthCheck.too_slow, *suppressed],
    )


def tried_on(database: str, examples: int) -> settings:
    """Settings of a law that holds on either kind of database: what may differ on PostgreSQL takes fewer examples."""
    return tried(max(1, examples // 4) if database.startswith("postgresql") else examples)


def tried_on_one_store(examples: int = _EXAMPLES) -> settings:
    """Settings of a law whose examples come to one store, one after another."""
    return tried(examples, HealthCheck.function_scoped_fixture)
