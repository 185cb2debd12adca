"""The made-up message of ``notify test``."""

from itertools import pairwise
from textwrap import dedent

from alerts.chart import charts_of
from alerts.sample import sample_message
from alerts.wording import wording_of
from tests.alerts.examples import NOW


def test_it_is_worded_like_any_other() -> None:
    message = sample_message("me", NOW)
    assert (message.receiver, message.rules, message.created_at) == ("me", ("notify test",), NOW)
    wording = wording_of(message)
    assert wording.subject == "1 new paper, 1 milestone, 1 changed metric and 1 page to look at of Ada Example"
    first = wording.body.split("\n\n")[0]
    assert first == dedent(
        """\
        New paper by Ada Example
          A made-up paper, to see that messages arrive
          Ada Example and Bo Example
          Published 2026-05-13, category LG, with code
          First seen on 2026-05-13 09:30 UTC (event test-20260513T093000000000-1)
          Why: somebody tried this receiver out with “scholarwatch notify test”"""
    )


def test_it_has_a_picture_that_goes_up_to_what_is_told() -> None:
    message = sample_message("me", NOW)
    [(event, spells)] = message.histories.items()
    [metric] = [item for item in message.items if item["events"] == [event]]
    assert [value for _, value in spells[-2:]] == [metric["before"], metric["after"]]
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(spells))
    assert list(charts_of(message)) == [event]


def test_two_of_them_are_two_messages() -> None:
    assert sample_message("me", NOW).id != sample_message("me", NOW.replace(microsecond=1)).id
