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
        New paper by Ada Example
          A made-up paper, to see that messages arrive
          Ada Example
          Published 2026-05-13
          First seen on 2026-05-13 09:30 UTC
          Why: somebody tried this receiver out with “scholarwatch notify test”

        Scholarwatch, message test-20260513T093000000000 of 2026-05-13 09:30 UTC"""
    )
