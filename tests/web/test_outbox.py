"""Messages that do not arrive, in the browser: tried again, and taken out on record."""

from datetime import date

import pytest

from storage.store import Store
from tests.scenarios.story import Story
from tests.web.lived import HOSTILE_NAME
from tests.web.visitor import Visitor
from tracking.waiting import OutboxView
from world.papers import paper

PATH = "/runs/outbox"


@pytest.fixture
def stuck(story: Story) -> Story:
    """The file that is written to is a folder: the baseline could not be told. A paper is in no message yet."""
    story.site.author(HOSTILE_NAME, [paper("Quiet", published=date(2025, 2, 1))], key="1001")
    story.follow("1001")
    story.alerts.mkdir()
    story.check()
    story.deliver()
    story.site.add_paper("1001", paper("A New Thing", published=story.yesterday()))
    story.check()
    return story


def outbox(story: Story) -> OutboxView:
    with Store.open_existing(story.settings.database) as store:
        return store.outbox()


def test_where_nothing_waits_somebody_learns_what_would(visitor: Visitor) -> None:
    assert "Nothing waits to be delivered" in visitor.text(PATH)


def test_a_message_that_failed_is_tried_again_and_arrives(visitor: Visitor, stuck: Story) -> None:
    shown = visitor.text(PATH)
    assert "failed, and tried again to me" in shown
    assert "In no message yet" in shown
    assert "A New Thing" in shown
    assert not visitor.page(PATH)(["b", "img"])
    [message] = outbox(stuck).messages
    stuck.alerts.rmdir()
    answer = visitor.send_one(visitor.page(PATH), f"{PATH}/retry", identifier=message.message_id)
    assert "To go out with the next delivery: 1 message." in answer.text
    stuck.deliver()
    assert [message.message_id] == [told["id"] for told in stuck.messages()][:1]
    assert "Nothing waits to be delivered" in visitor.text(PATH)


def test_a_message_and_an_event_are_dropped_with_a_reason(visitor: Visitor, stuck: Story) -> None:
    view = outbox(stuck)
    [message], [item] = view.messages, view.items
    page = visitor.page(PATH)
    refused = visitor.send_one(page, f"{PATH}/drop", identifier=message.message_id, reason=" ")
    assert refused.status_code == 400
    assert "Say why it is taken out" in refused.text
    assert outbox(stuck) == view
    for identifier in (message.message_id, item.event_id):
        answer = visitor.send_one(page, f"{PATH}/drop", identifier=identifier, reason="of no use")
        assert "Taken out: 1 item, of which me will not hear." in answer.text
    assert (outbox(stuck).messages, outbox(stuck).items) == ((), ())
    assert "of no use" in visitor.text(f"/events/{item.event_id}")
    gone = visitor.send_one(page, f"{PATH}/drop", identifier=item.event_id, reason="again")
    assert gone.status_code == 404
    assert f"“{item.event_id}”" in gone.text


def test_what_no_page_of_ours_asks_for_is_refused(visitor: Visitor, stuck: Story) -> None:
    view = outbox(stuck)
    form = {"form_token": "guessed", "id": view.messages[0].message_id, "reason": "why"}
    for verb in ("retry", "drop"):
        assert visitor.post(f"{PATH}/{verb}", form).status_code == 403
    assert outbox(stuck) == view
