"""What is read to say why somebody has not heard of a paper or a person."""

import pytest

from storage.errors import ManyPapers, UnknownPerson
from storage.store import Store
from tests.storage.builders import accepted, apply, day, ended, event, followed, page, paper, verdict, watch
from tracking.account import MessageState
from tracking.alert import HEARD_OF, VerdictKind
from tracking.answer import Reason
from tracking.asked import AskedPaper
from tracking.cadence import Cadences
from tracking.check import Outcome
from tracking.event import EventKind
from tracking.host import Answered, AnswerKind, HostPolicy
from tracking.rejecting import Refusal
from tracking.silence import Silence
from tracking.suspicion import Doubt, Suspicion
from tracking.why_not import about_paper

THIRD = paper("doi:10.1/x", title="On Sheaves and Rings")


@pytest.fixture(autouse=True)
def followed_people(store: Store) -> None:
    """Ada, who lists two papers from the first and a third since day 2; Grace, whose page was never asked for."""
    store.follow([followed("Ada Lovelace", "1", tags=("rl",)), followed("Grace Hopper", "2")], day(0))
    first = [paper("arxiv:2401.00001", title="Über Sheaves"), paper("fp:2", "OpenReview:AbC", title="On Rings")]
    apply(store, accepted(watch(store), day(1), first))
    new = event(watch(store), EventKind.PAPER_NEW, day(2), key="doi:10.1/x")
    apply(
        store,
        accepted(
            watch(store), day(2), [*first[:1], THIRD], new=[THIRD], events=(new,), unlisted={"fp:2": first[1].paper}
        ),
        verdicts=[verdict(new)],
    )


def test_papers_are_found_by_their_names_whatever_the_case(store: Store) -> None:
    for asked, title in (("ARXIV:2401.00001", "Über Sheaves"), ("openreview:abc", "On Rings")):
        facts = store.paper_called(AskedPaper.of(asked))
        assert facts is not None
        assert [shown.title for shown in facts.shown] == [title]
    assert store.paper_called(AskedPaper.of("arxiv:2401.00002")) is None


def test_papers_are_found_by_a_part_of_their_title(store: Store) -> None:
    for asked, key in (("uber sheaves", "arxiv:2401.00001"), ("ON RINGS", "fp:2"), ("sheaves and", "doi:10.1/x")):
        facts = store.paper_titled(AskedPaper.of(asked))
        assert facts is not None
        assert [shown.key for shown in facts.shown] == [key]
    assert store.paper_titled(AskedPaper.of("graphs")) is None
    with pytest.raises(ManyPapers, match=r"“rings” may be any of: “On Rings” \(fp:2\), “On Sheaves and Rings” \(doi:"):
        store.paper_titled(AskedPaper.of("rings"))


def test_an_old_title_leads_to_the_paper_too(store: Store) -> None:
    renamed = paper("arxiv:2401.00001", title="On Bundles")
    retitled = event(watch(store), EventKind.PAPER_RETITLED, day(3), key="arxiv:2401.00001", before="Über Sheaves")
    apply(store, accepted(watch(store), day(3), [renamed, THIRD], new=[], events=(retitled,)))
    facts = store.paper_titled(AskedPaper.of("über sheaves"))
    assert facts is not None
    assert facts.shown[0].title == "On Bundles"


def test_versions_of_a_work_are_one_paper(store: Store) -> None:
    store.join("arxiv:2401.00001", "doi:10.1/x", day(3))
    facts = store.paper_titled(AskedPaper.of("sheaves"))
    assert facts is not None
    assert [(shown.key, shown.first_seen, shown.begins_at, shown.listed) for shown in facts.shown] == [
        ("arxiv:2401.00001", day(1), day(1), True),
        ("doi:10.1/x", day(2), day(1), True),
    ]
    assert [account.event.kind for account in facts.accounts] == [EventKind.PAPER_NEW]
    assert facts.accounts[0].judged[0].state is MessageState.WAITING


def test_a_page_that_was_not_believed_and_what_was_rejected_of_it(store: Store) -> None:
    doubt = Suspicion(Doubt.NEW_PAPERS, ("fp:9",))
    held = ended(watch(store), day(3), Outcome.QUARANTINED, detail="too much", unread=page("9"), suspicion=doubt)
    apply(store, held)
    (doubted,) = store.doubted_pages()
    assert (doubted.watch.key, doubted.observed_at, doubted.detail) == ("1", day(3), "too much")
    (waiting,) = store.held_pages("Ada")
    store.reject_held(waiting, Refusal(papers=(("fp:9", "scholarfeed:Nine"),)), day(4))
    (rejected,) = store.rejected_from(AskedPaper.of("SCHOLARFEED:nine"))
    assert (rejected.person, rejected.since) == ("Ada Lovelace", day(4))
    assert store.rejected_from(AskedPaper.of("fp:2")) == []
    assert store.doubted_pages()[0].watch.rejections


def test_how_pages_stand(store: Store) -> None:
    policy = HostPolicy(min_interval_seconds=5)
    limited = Answered(kind=AnswerKind.THROTTLED, detail="429", retry_after_seconds=3600)
    store.note_answers("example.org", policy, [(limited, day(3))])
    apply(store, ended(watch(store), day(3), Outcome.THROTTLED, detail="429"))
    ada, grace = store.page_states(day(3))
    assert (ada.person, ada.outcome, ada.read_at, ada.held_at) == ("Ada Lovelace", Outcome.THROTTLED, day(2), None)
    assert (ada.rest_until, ada.rest_detail) == (day(3 + 1 / 24), "429")
    assert (grace.outcome, grace.read_at) == (None, None)
    assert store.page_states(day(4))[0].rest_until is None


def test_a_person_with_all_that_was_told(store: Store) -> None:
    silence = store.add_silence(
        Silence(silence_id="", begins_at=day(2), ends_at=None, reason="", person="Ada Lovelace")
    )
    facts = store.person_facts("ada", day(2), Cadences())
    (mine,) = facts.pages
    assert (facts.name, facts.tags, facts.retired_at, facts.silences) == ("Ada Lovelace", ("rl",), None, (silence,))
    assert [(line.at, line.outcome) for line in mine.checks] == [(day(2), Outcome.OK), (day(1), Outcome.OK)]
    assert mine.due_at is not None
    assert day(2) < mine.due_at <= day(3)
    assert ([one.event.paper_key for one in facts.undelivered], facts.told) == (["doi:10.1/x"], ())
    (message,) = store.undelivered(day(3))
    store.delivered(message.id, day(3))
    told = store.person_facts("ada", day(3), None)
    assert told.undelivered == ()
    assert [(one.receiver, one.message_id, one.at) for one in told.told] == [("me", message.id, day(3))]
    assert [account.event.kind for account in told.last] == [EventKind.PAPER_NEW]


def test_somebody_who_is_not_followed_any_more(store: Store) -> None:
    store.follow([followed("Grace Hopper", "2")], day(5))
    facts = store.person_facts("Ada Lovelace", day(6), Cadences())
    assert (facts.retired_at, [one.due_at for one in facts.pages]) == (day(5), [None])
    assert [one.person for one in store.page_states(day(6))] == ["Grace Hopper"]
    nobody = store.person_facts("Grace", day(6), Cadences())
    assert (nobody.last, nobody.pages[0].checks, nobody.pages[0].due_at) == ((), (), day(6))
    with pytest.raises(UnknownPerson) as unknown:
        store.person_facts("Alan Turing", day(6), None)
    assert not unknown.value.ambiguous


def test_every_verdict_has_its_answer(store: Store) -> None:
    """A receiver for each kind of verdict about one paper; what waits is delivered, and what was decided stays so."""
    shown = [paper("arxiv:2401.00001", title="Über Sheaves"), THIRD, paper("arxiv:2401.00009", title="On Verdicts")]
    new = event(watch(store), EventKind.PAPER_NEW, day(5), key="arxiv:2401.00009")
    verdicts = [
        verdict(new, kind.value, kind, not_before=day(5))
        for kind in VerdictKind
        if kind is not VerdictKind.ALREADY_TOLD
    ]
    apply(store, accepted(watch(store), day(5), shown, new=shown[2:], events=(new,)), verdicts=verdicts)

    def reasons() -> dict[str, Reason]:
        facts = store.paper_called(AskedPaper.of("arxiv:2401.00009"))
        assert facts is not None
        return {answer.receiver or "": answer.reason for answer in about_paper(facts, None)}

    decided = {
        kind.value: Reason(kind.value) for kind in VerdictKind if kind.value in set(Reason) and kind not in HEARD_OF
    } | {"cause": Reason.NO_VERDICT}
    assert reasons() == decided | {"sent": Reason.TO_SEND, "digest": Reason.DIGEST, "capped": Reason.CAPPED}
    for message in store.undelivered(day(6)):
        store.delivered(message.id, day(6))
    assert reasons() == decided | {"sent": Reason.TOLD, "digest": Reason.TOLD, "capped": Reason.TOLD}


def test_what_can_be_named(store: Store) -> None:
    assert (store.name_of("1"), store.receivers(), store.metrics()) == ("Ada Lovelace", ["me"], [])
