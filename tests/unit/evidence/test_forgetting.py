"""“删除我的数据”: afterwards no table and no file holds anything of the person."""

from __future__ import annotations

import asyncio

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions import evidence as action
from rasa_ext.tracker_store import CaseTrackerStore
from tests.unit.evidence.service import Service, everything, spellings
from wenzhu.adapters.evidence_store import EvidenceStore, evidence_store
from wenzhu.evidence.records import Draft
from wenzhu.privacy.originals import originals

SENDER = "seed-conversation-7f3a"
SEEDS = ("蓝鲸河边的陈小满", "13812349876", "要去我单位闹", SENDER)


def seeded(store: EvidenceStore) -> None:
    for sender in (SENDER, "somebody-else"):
        store.agree(sender, "case", True)
        store.agree(sender, "originals", True)
        about = {"said": SEEDS[2], "number": SEEDS[1]}
        store.add(sender, Draft("call_note", "told", about=about), SEEDS[0].encode())
        store.add(sender, Draft("file", "sent"), SEEDS[0].encode() * 20_000)
        store.link(sender, everything=True)


def test_nothing_is_readable_at_rest(service: Service) -> None:
    seeded(evidence_store())
    content = everything(service.own)
    for seed in SEEDS:
        assert not [s for s in spellings(seed) if s in content], seed


def test_forget_leaves_nothing_and_nobody_elses(service: Service) -> None:
    store = evidence_store()
    seeded(store)
    gone = store.case(SENDER)
    names = [item.id for item in store.items(SENDER)]
    before = everything(service.own)
    assert all(name.encode() in before for name in [gone.id, *names])
    action.forget_evidence(SENDER)
    content = everything(service.own)
    left = [n for n in [gone.id, *names, gone.head] if n.encode() in content]
    assert not left
    person = store._person(SENDER)
    assert person.encode() not in content
    assert len(store.items("somebody-else")) == 2
    assert store.verify(store.case("somebody-else")) is None


def test_forget_lets_go_of_the_original() -> None:
    originals().hold(SENDER, "message", SEEDS[0])
    originals().drop(SENDER)
    assert originals().get(SENDER, "message") is None


def test_the_tracker_store_forgets_evidence_too(service: Service) -> None:
    """The way in the Rasa process, for whoever forgets there."""
    seeded(evidence_store())
    tracked = CaseTrackerStore(Domain.empty())
    tracker = DialogueStateTracker.from_events(SENDER, [UserUttered(SEEDS[2])])
    asyncio.run(tracked.save(tracker))
    assert evidence_store().items(SENDER)
    tracker.update(SlotSet("forget_me", True))
    asyncio.run(tracked.save(tracker))
    assert evidence_store().items(SENDER) == []
    content = everything(service.own)
    for seed in (SEEDS[0], SEEDS[2], SENDER):
        assert not [s for s in spellings(seed) if s in content], seed
    tracked.engine.dispose()
