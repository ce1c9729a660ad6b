"""Two people and whatever they do, in any order, held against a simple model of what is kept.

The model is one flat dict of everything given to the report. What an event must do to it is worked out from what its
sender saw (the question on their screen) and sent; where a button's effect is another module's business, the model says
which places may change and takes over what did. After every event the report must hold exactly what the model holds.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.conversation import COMMANDS, Conversation
from bot.conversation.actions import Action, Verb
from bot.conversation.events import Edited, Event, Message, Press, Reply, Unsupported
from bot.conversation.session import short
from prompts.loading import load_outline
from store import Store
from tests.conftest import OUTLINES, TODAY, WORDING
from tests.torture import FULL, SEED, length

SMALL = load_outline(OUTLINES / "small")
DRAFTER, COLLEAGUE = "test:起草人", "test:同事"
SECTION = "work/pub"
BROKEN = {WORDING.phrase(name, notice="") for name in ("internal_error", "not_saved")}
ASKED = {question.ask: key for key, question in SMALL.questions.items()}

Places = dict[tuple[str, str], Any]  # (kind, id) -> what is kept there

GOOD: dict[str, list[tuple[str, Any]]] = {
    "count": [("30余", {"number": "30", "after": "余"}), ("126", {"number": "126"}), ("0", {"number": "0"}),
              ("约50", {"number": "50", "before": "约"}), ("７", {"number": "7"})],
    "text": [("继续学习。", "继续学习。"), ("办好一件事", "办好一件事"), ("{{ unit }}", "{{ unit }}")],
    "items": [("入户讲解", ["入户讲解"]), ("院坝会\n宣讲", ["院坝会", "宣讲"]), ("/不是命令 的", None)],
    "year": [("2022", 2022), ("2023", 2023)],
    "choice": [("镇", "镇"), ("街道", "街道")],
    "yesno": [("是", True), ("否", False)],
    "date": [("2024年1月29日", "2024-01-29")],
}  # fmt: skip
BAD = {
    "count": "很多",
    "year": "去年吧",
    "choice": "什么",
    "yesno": "也许",
    "date": "改天",
    "choices": "都不是",
}
GATHERS = {"items"}

QUESTION_VERBS = {
    Verb.SKIP, Verb.NONE, Verb.BACK, Verb.CLEAR, Verb.NEXT, Verb.RESTORE_ANSWER, Verb.CHOOSE, Verb.TOGGLE, Verb.SUGGESTED,
    Verb.VALUE, Verb.TABLE, Verb.FORM,
}  # fmt: skip
MAY_CHANGE = {Verb.CHOOSE, Verb.TOGGLE, Verb.SUGGESTED, Verb.VALUE, Verb.RESTORE_ANSWER, Verb.PUT_BACK,
              Verb.CHOOSE_PROPOSED, Verb.FIX}  # answers, as their own modules' tests say  # fmt: skip
LEAVE_OUT = {Verb.NEW, Verb.BEGIN, Verb.CONFIRM_DELETE, Verb.BRING_BACK, Verb.HAND_OVER_SURE, Verb.TAKE_BACK_SURE,
             Verb.IMPORT, Verb.IMPORT_AS}  # reports coming and going are in test_any_conversation.py  # fmt: skip
ANSWERS = ("answers", "skipped", "proposed", "finished")


class TwoPeople(RuleBasedStateMachine):
    """A drafter, and a colleague who fills one section."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(Path(self.folder.name))
        self.conversation = self._conversation()
        self.number = 0
        self.screen: dict[str, Reply] = {}
        self.seen: dict[str, list[str]] = {DRAFTER: [], COLLEAGUE: []}  # what their buttons carried
        self.past: dict[str, list[Event]] = {DRAFTER: [], COLLEAGUE: []}
        self.again: dict[str, list[Event]] = {DRAFTER: [], COLLEAGUE: []}  # what may still be delivered again
        self.lasting: set[str] = set()  # the deliveries that changed something
        self.shown: dict[str, Any] = {}  # the answer that stood when they were asked
        self.model: Places = {}
        self.done: dict[str, list[Places]] = {
            DRAFTER: [],
            COLLEAGUE: [],
        }  # what each of one's changes changed: before
        self.undone: dict[str, list[Places]] = {DRAFTER: [], COLLEAGUE: []}
        self.inside = True  # whether the colleague is in the report

    def _conversation(self) -> Conversation:
        return Conversation(self.store, {SMALL.id: SMALL}, WORDING, lambda: TODAY)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @initialize()
    def begin(self) -> None:
        for text in ("/new", "某县龙门街道办事处", "2023", "/share"):
            self._send(DRAFTER, self._message(DRAFTER, text))
        self._let_in()
        self.model = self._kept()
        first = [("answers", "unit"), ("answers", "year")]
        self.done[DRAFTER] = [{place: (None, self.model[place])} for place in first]
        self.past = {DRAFTER: [], COLLEAGUE: []}

    def _let_in(self) -> None:
        reply = self._send(DRAFTER, self._press(DRAFTER, Action(Verb.SHARE, self.report, SECTION).pack()))
        link = re.findall(r"/start s-\S+", reply.text)[-1]
        self._send(COLLEAGUE, self._message(COLLEAGUE, link))
        self.inside = True

    # what is kept

    @property
    def report(self) -> str:
        with self.store.people.using(DRAFTER) as person:
            return person.person.report

    def _kept(self) -> Places:
        report = self.store.reports.get(self.report)
        assert report is not None and not report.deleted
        return {(kind, id): value for kind, places in report.content.items() for id, value in places.items()}

    def _stands(self, who: str) -> tuple[str, str]:
        report = self.store.reports.get(self.report)
        assert report is not None
        place = report.place(who)
        if place.mode in ("", "refill"):
            return place.mode, place.question
        return place.mode, place.back.rpartition("@")[
            2
        ]  # where a button leads back to from a heading, a title, ...

    # sending, and what always holds

    def _message(self, who: str, text: str) -> Message:
        self.number += 1
        return Message(person=who, id=f"d{self.number}", message=f"m{self.number}", text=text)

    def _press(self, who: str, data: str) -> Press:
        self.number += 1
        return Press(person=who, id=f"d{self.number}", data=data)

    def _send(self, who: str, event: Event) -> Reply:
        *news, reply = self.conversation.handle(event)
        assert len(news) <= 1
        assert reply.text.strip() and reply.text not in BROKEN
        assert reply.buttons or "/" in reply.text, f"no way on: {reply.text}"
        self.screen[who] = reply
        self.seen[who] += [button.data for row in reply.buttons for button in row]
        self.past[who].append(event)
        key = self._asked(who)
        if key:
            self.shown[who] = self._kept().get(("answers", key)) if self.model else None
        return reply

    def _asked(self, who: str) -> str:
        """The question on someone's screen."""
        lines = (line.removesuffix("（必填）") for line in self.screen[who].text.splitlines())
        return next((ASKED[line] for line in lines if line in ASKED), "")

    def _takes(
        self, who: str, event: Event, expected: Places | None, may_change: Callable[[str, str], bool]
    ) -> None:
        """Hand on an event: exactly `expected` is kept then, or (None) only what may change has."""
        before = self.model
        self._send(who, event)
        after = self._kept()
        changed = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
        if expected is not None:
            assert _plain(after) == _plain(expected), f"{who}: {event}: {changed}"
        else:
            wrong = [place for place in changed if not may_change(*place)]
            assert not wrong, f"{who}: {event}: {wrong}"
        self.again[who].append(event)
        if changed:
            self.lasting.add(event.id)
            self.done[who].append({place: (before.get(place), after.get(place)) for place in changed})
            self.undone[who].clear()
        self.model = after

    def _without(self, *places: tuple[str, str]) -> Places:
        return {place: value for place, value in self.model.items() if place not in places}

    def _given(self, who: str, key: str, value: Any) -> Places:
        """The model with an answer; a colleague who has it all now has handed in their section."""
        new = self._without(("skipped", key))
        new["answers", key] = {"value": value, "by": who}
        return new

    # what they do

    people = st.sampled_from([DRAFTER, DRAFTER, COLLEAGUE])

    @rule(who=people, pick=st.integers(0, 99))
    def answers_what_is_asked(self, who: str, pick: int) -> None:
        key = self._asked(who)
        question = SMALL.questions.get(key)
        good = GOOD.get(question.type) if question else None
        if question is None or good is None:
            return
        typed, value = good[pick % len(good)]
        event = self._message(who, typed)
        place = ("answers", key)
        there = self.model.get(place)
        if not self._may_fill(who) or self._stands(who)[0] not in ("", "refill"):
            return
        if value is None:
            value = [typed]
        if question.type in GATHERS and there and there.get("state", "given") == "given":
            value = [*there["value"], *value]
        if self._approved():
            return
        other = there is not None and there.get("by") not in ("", None, who) and there != self.shown.get(who)
        if other and question.type not in GATHERS and there.get("value") != value:
            self._takes(who, event, None, lambda kind, id: (kind, id) == ("proposed", key))
            assert ("proposed", key) in self.model, "an answer that met another was dropped"
            return
        self._takes(who, event, self._given(who, key, value), _nothing)

    @rule(who=people)
    def answers_what_cannot_be_taken(self, who: str) -> None:
        question = SMALL.questions.get(self._asked(who))
        if question is not None and question.type in BAD and self._may_fill(who):
            self._takes(who, self._message(who, BAD[question.type]), dict(self.model), _nothing)

    @rule(who=people, word=st.sampled_from(["跳过", "不涉及", "清空", "完成", "上一问", "目录", "预览"]))
    def says_a_word_at_a_question(self, who: str, word: str) -> None:
        key = self._asked(who)
        if not key or not self._may_fill(who) or self._approved():
            return
        expected = dict(self.model)
        there = expected.get(("answers", key))
        match word:
            case "跳过":
                expected["skipped", key] = True
            case "不涉及":
                expected = self._without(("skipped", key))
                expected["answers", key] = {"value": there and there.get("value"), "by": who, "state": "none"}
            case "清空":
                expected = self._without(("answers", key))
        self._takes(who, self._message(who, word), expected, _nothing)

    @rule(who=people, again=st.booleans())
    def takes_back(self, who: str, again: bool) -> None:
        mine, other = (self.undone, self.done) if again else (self.done, self.undone)
        expected = dict(self.model)
        taken = mine[who][-1] if mine[who] else {}
        now, then = (0, 1) if again else (1, 0)
        possible = self._may_fill(who) and all(self.model.get(p) == both[now] for p, both in taken.items())
        if possible:
            for place, both in taken.items():
                expected.pop(place, None)
                if both[then] is not None:
                    expected[place] = both[then]
        event = self._message(who, "/redo" if again else "/undo")
        before = self.model
        self._send(who, event)
        after = self._kept()
        if after != expected:  # an approved section stays as it is, whoever wants to take something back
            assert after == before and any(kind == "approved" for kind, _ in before), (taken, who)
        elif taken and possible:
            mine[who].pop()
            other[who].append(taken)
        self.model = after

    @rule(who=people, index=st.integers(0, 200), pick=st.integers(0, 99))
    def edits_a_message(self, who: str, index: int, pick: int) -> None:
        messages = [event for event in self.past[who] if isinstance(event, Message)]
        if not messages:
            return
        old = messages[-1 - index % len(messages)]
        gave = [id for (kind, id), value in self.model.items() if kind == "answers"
                if any(part.get("message") == old.message for part in value.get("parts", ()))]  # fmt: skip
        self.number += 1
        question = SMALL.questions[gave[0]] if gave else None
        good = GOOD.get(question.type, []) if question else []
        text, value = good[pick % len(good)] if good and pick % 3 else ("改成了别的", None)
        event = Edited(person=who, id=f"d{self.number}", message=old.message, text=text)
        if question is None or not self._may_fill(who):
            self._takes(who, event, None, lambda kind, id: kind == "wordings")
        elif value is None or self._approved() or len(self.model["answers", question.key]["parts"]) > 1:
            self._takes(who, event, None, lambda kind, id: id == question.key and kind in ANSWERS)
        elif self.model["answers", question.key].get("value") == value:
            self._takes(who, event, dict(self.model), _nothing)
        else:
            self._takes(who, event, self._given(who, question.key, value), _nothing)

    @rule(who=people, index=st.integers(0, 30))
    def presses_a_button(self, who: str, index: int) -> None:
        buttons = [button.data for row in self.screen[who].buttons for button in row]
        if buttons:
            self._presses(who, buttons[index % len(buttons)])

    @rule(who=people, index=st.integers(0, 400))
    def presses_a_stale_button(self, who: str, index: int) -> None:
        if self.seen[who]:
            self._presses(who, self.seen[who][index % len(self.seen[who])])

    @rule(who=people, verb=st.sampled_from(sorted(set(Verb))), argument=st.sampled_from(["", "0", "1", "x"]),
          at=st.sampled_from(["", "banners", "received", "work/pub", "work/disputes", "work", "*", "^", "nosuch"]))  # fmt: skip
    def presses_a_forged_button(self, who: str, verb: Verb, at: str, argument: str) -> None:
        self._presses(who, Action(verb, self.report, at, argument).pack())

    def _presses(self, who: str, data: str) -> None:
        action = Action.unpack(data)
        if action is not None and action.verb in LEAVE_OUT:
            return
        if action is not None and action.verb in (Verb.UNDO, Verb.REDO):
            self.takes_back(who, action.verb is Verb.REDO)
            return
        event = self._press(who, data)
        if action is None or (action.verb in QUESTION_VERBS and action.target != self._stands(who)[1]):
            self._takes(
                who, event, dict(self.model), _nothing
            )  # an old button does nothing at another question
            return
        key = action.target
        if action.verb in MAY_CHANGE:
            self._takes(who, event, None, lambda kind, id: id == key or kind in ("finished", "proposed"))
        elif action.verb in (Verb.SKIP, Verb.NONE, Verb.CLEAR, Verb.NEXT):
            self._takes(
                who, event, None, lambda kind, id: (id == key and kind in ANSWERS) or kind == "finished"
            )
        else:
            self._takes(who, event, None, lambda kind, id: kind not in ("answers", "skipped", "proposed"))

    @rule(who=people, text=st.one_of(st.sampled_from([f"/{name}" for name in COMMANDS if name not in ("new", "delete",
          "undo", "redo")]), st.sampled_from(["1 2", "全部", "2月10日", "今天", "下一节", "重填", "改正文", "返回", "取消"]),
          st.text(max_size=12)))  # fmt: skip
    def says_anything(self, who: str, text: str) -> None:
        stripped = text.strip()
        if stripped.lower().startswith(("/new", "/delete", "/undo", "/redo")) or stripped in ("撤销", "重做"):
            return
        mode, key = self._stands(who)
        at_question = mode in ("", "refill")

        def may_change(kind: str, id: str) -> bool:
            if kind in ("answers", "skipped", "proposed"):
                return id == key and (at_question or stripped.startswith("/"))  # a command leaves a mode
            return True

        self._takes(who, self._message(who, text), None, may_change)

    @rule(who=people)
    def sends_something_else(self, who: str) -> None:
        self.number += 1
        self._takes(
            who, Unsupported(person=who, id=f"d{self.number}", kind="photo"), dict(self.model), _nothing
        )

    @rule(who=people, index=st.integers(0, 40))
    def something_is_delivered_again(self, who: str, index: int) -> None:
        if self.again[who]:
            recent = self.again[who][-20:]
            self._takes(who, recent[-1 - index % len(recent)], dict(self.model), _nothing)

    @rule()
    def the_service_is_restarted(self) -> None:
        self.store.close()
        self.store = Store(Path(self.folder.name))
        self.conversation = self._conversation()
        assert self._kept() == self.model
        # What changed nothing is not written down for its own sake: a channel delivers such a thing again in its turn,
        # before anything later, and not long after a restart.
        for who, events in self.again.items():
            self.again[who] = [event for event in events if event.id in self.lasting]

    @precondition(lambda self: self.inside)
    @rule()
    def the_colleague_is_put_out(self) -> None:
        data = Action(Verb.TAKE_BACK_SURE, self.report, "", short(COLLEAGUE)).pack()
        self._takes(DRAFTER, self._press(DRAFTER, data), dict(self.model), _nothing)
        self.inside = False
        self._takes(COLLEAGUE, self._message(COLLEAGUE, "999"), dict(self.model), _nothing)

    @precondition(lambda self: not self.inside)
    @rule()
    def the_colleague_is_let_in_again(self) -> None:
        self._let_in()
        assert self._kept() == self.model

    def _may_fill(self, who: str) -> bool:
        return who == DRAFTER or self.inside

    def _approved(self) -> bool:
        return any(kind == "approved" for kind, _ in self.model)


def _nothing(kind: str, id: str) -> bool:
    return False


def _plain(places: Places) -> Places:
    """Without what the model does not say: times, the messages that brought an answer, and who has handed in."""
    plain: Places = {}
    for (kind, id), value in places.items():
        if kind == "answers":
            state = value.get("state", "given")
            plain[kind, id] = (state, value.get("value"), value.get("by"))
        elif kind != "finished":
            plain[kind, id] = value
    return plain


def test_two_peoples_random_conversations_are_kept_as_a_simple_model_says() -> None:
    print(f"\nSEED={SEED}")
    effort = settings(
        max_examples=length(8, 300), stateful_step_count=length(25, 80), deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink] if FULL else [Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(seed(SEED)(TwoPeople), settings=effort)
