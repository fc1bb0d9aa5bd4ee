"""What of a conversation counts as misread; events as Rasa has them."""

from __future__ import annotations

from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SlotSet,
    UserUttered,
)

from rasa_ext.review import LONGEST, misread


def said(text: str, intent: str, at: float, **signals: object) -> UserUttered:
    parsed = {"intent": {"name": intent}, "entities": [], **signals}
    return UserUttered(text, {"name": intent}, [], parsed, timestamp=at)


def reasons(*events: Event, everything: bool = True) -> list[tuple[str, str]]:
    return [(one.text, one.why) for one in misread(events, everything)]


CORRECTED = (
    said("怕坐牢，打138●●●●5678", "inform_fear", 1.0),
    ActionExecuted("action_listen"),
    said("不对", "correct_previous", 2.0),
    ActionExecuted("action_correct"),
)


def test_the_sentence_before_a_correction() -> None:
    assert reasons(*CORRECTED) == [("怕坐牢，打138●●●●5678", "corrected")]


def test_a_turn_shows_what_itself_shows() -> None:
    assert reasons(*CORRECTED, everything=False) == reasons(*CORRECTED)
    later = said("好的", "thanks", 3.0)
    assert reasons(*CORRECTED, later, everything=False) == []


def test_a_clarified_and_a_rejected_one() -> None:
    events = [
        said("这个咋整", "ask_rights", 1.0),
        ActionExecuted("action_clarify"),
        said("下雨吗", "out_of_scope", 2.0),
        said("呃这个那个", "thanks", 3.0),
        ActionExecuted("action_unclear"),
    ]
    assert reasons(*events) == [
        ("这个咋整", "clarified"),
        ("下雨吗", "rejected"),
        ("呃这个那个", "rejected"),
    ]
    assert reasons(*events, everything=False) == [("呃这个那个", "rejected")]


def test_the_question_counts_only_inside_the_form() -> None:
    asked = SlotSet("requested_slot", "fears")
    odd = said("下雨吗", "out_of_scope", 1.0)
    assert misread([asked, odd])[0].context is None
    inside = [ActiveLoop("triage_form"), asked, odd]
    assert misread(inside)[0].context == "fears"


def test_never_from_a_crisis() -> None:
    opened = SlotSet("crisis_open", True)
    closed = SlotSet("crisis_open", False)
    odd = said("下雨吗", "out_of_scope", 1.0)
    assert reasons(opened, odd) == []
    assert reasons(odd, opened) == [], "the sentence that opened it"
    assert reasons(opened, closed, odd) == [("下雨吗", "rejected")]
    assert reasons(said("累了", "out_of_scope", 1.0, crisis={})) == []
    assert reasons(said("他在门口", "out_of_scope", 1.0, now="door")) == []


def test_never_a_message_a_long_story_or_a_button() -> None:
    for text, intent in (
        ("【某某】您已逾期", "paste_sms"),
        ("雨" * (LONGEST + 1), "out_of_scope"),
        ('affirm{"keep":"yes"}', "affirm"),
    ):
        events = [said(text, intent, 1.0), ActionExecuted("action_clarify")]
        assert reasons(*events) == []
