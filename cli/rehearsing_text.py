"""What `rules test` prints for people."""

from collections.abc import Iterator
from datetime import UTC

from alerts.entry import one_line
from alerts.figures import number
from alerts.message import Message
from alerts.rehearsal_budget import Budget
from alerts.rehearsal_report import Sent
from alerts.sentences import shown
from cli.output import as_words, complain, counted, minute, say
from cli.table import print_table
from flows.rehearsing import RehearsalReport
from tracking.alert import VerdictKind

#: Of a message that has more, the others are counted.
_ITEMS_SHOWN = 20


def say_message(message: Message) -> None:
    """When and to whom, and a line for each item and for why it is there."""
    say(f"{minute(message.created_at)}  to {message.receiver}{', digest' if message.digest else ''}")
    for item in message.items[:_ITEMS_SHOWN]:
        say(f"  {one_line(item, UTC)}")
        say(f"    {shown(item['why'])}")
    if len(message.items) > _ITEMS_SHOWN:
        say(f"  and {number(len(message.items) - _ITEMS_SHOWN)} more")


def say_report(report: RehearsalReport, *, shown: int) -> None:
    messages = sum(one.sent.messages for one in report.receivers)
    if messages > shown:
        say(f"… and {counted(messages - shown, 'message')} more; --all shows them")
    say(f"\nFrom {minute(report.since)} until {minute(report.until)}: {counted(messages, 'message')}.")
    if report.waiting:
        say(f"{counted(report.waiting, 'event')} would wait to go out later.")
    print_table(("receiver", "rule", "messages", "a week", "items", "kept back"), _rows(report))


def _rows(report: RehearsalReport) -> Iterator[tuple[str, ...]]:
    for one in report.receivers:
        yield (one.receiver, "all together", *_numbers(one.sent))
        for rule, sent in one.rules.items():
            yield (one.receiver, rule, *_numbers(sent))


def _numbers(sent: Sent) -> tuple[str, ...]:
    asked = {kind.value: count for kind, count in sent.kept_back.items() if kind is not VerdictKind.NO_RULE}
    return (
        number(sent.messages),
        number(round(sent.messages_a_week, 1)),
        number(sent.items),
        as_words(asked) if asked else "–",
    )


def warn_of_noise(report: RehearsalReport, budget: Budget) -> bool:
    """Say which rules are over the budget, on standard error; True where one is."""
    over = [(one.receiver, rule, sent) for one in report.receivers for rule, sent in one.over(budget)]
    for receiver, rule, sent in over:
        complain(
            f"“{rule}” sends {receiver} {number(round(sent.messages_a_week, 1))} messages a week, more than {budget}; "
            f"see scholarwatch rules tune --rule {rule!r}"
        )
    return bool(over)
