"""The made-up message of ``notify test``."""

from textwrap import dedent

from alerts.sample import sample_message
from alerts.wording import wording_of
from tests.alerts.examples import NOW


def test_it_is_worded_like_any_other() -> None:
    message = sample_message("me", NOW)
    assert (message.receiver, message.rules, message.created_at) == ("me", ("notify test",), NOW)
    assert wording_of(message).body == dedent(
        """\
        New paper by Sample Person
          A sample paper that nobody wrote
          Sample Person
          Published 2026-05-12
          First seen at sample on 2026-05-13 09:30 UTC
          Why: somebody wants to see whether messages arrive
          https://example.org/paper/1

        Scholarwatch, message sample-20260513T093000 of 2026-05-13 09:30 UTC"""
    )
