"""The demonstration: a sample's answers, typed into the conversation one by one, and what comes out of it."""

from __future__ import annotations

import datetime
import itertools
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.conversation import Conversation, walking
from bot.conversation.actions import Action, Verb
from bot.conversation.events import Event, Message, Press, Reply
from bot.conversation.sections import HEADING, WORDING
from bot.conversation.session import Clock, edits_of
from bot.documents import FORMATS, DocumentError, DocumentSettings, filename
from bot.documents.text import text_of
from bot.settings import SettingsError
from prompts.answers import TYPES
from prompts.chat import Wording
from prompts.content import Content
from prompts.draft import Draft
from prompts.outline import Outline
from prompts.plan import Plan
from prompts.render import characters, draft
from prompts.sample import NONE, Sample, read_sample
from store import Place, Report, Store

FIRST = "rule-of-law-township"
PERSON = "demo:staff"


def play(outlines: Mapping[str, Outline], id: str, answers: Path | None, out: Path) -> int:
    """Play one outline's sample, or every outline's: the first into `out`, the others into folders below it."""
    if id and id not in outlines:
        raise SettingsError(f"demo: there is no outline {id!r}; there are {', '.join(outlines)}")
    if answers and not id:
        id = FIRST
    chosen = [outlines[id]] if id else [outline for outline in outlines.values() if outline.sample.exists()]
    for outline in sorted(chosen, key=lambda outline: outline.id != FIRST):
        folder = out if len(chosen) == 1 or outline.id == FIRST else out / outline.id
        _play_one(outline, read_sample(outline, answers), folder)
    return 0


def _play_one(outline: Outline, sample: Sample, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        store = Store(Path(data) / "data")
        try:
            player = Player(
                Conversation(store, {outline.id: outline}, Wording(), _clock(sample)), store, outline, sample
            )
            document = player.play()
        finally:
            store.close()
    (folder / "transcript.txt").write_text(player.transcript(), encoding="utf-8")
    (folder / "draft.txt").write_text(text_of(document.lines()) + "\n", encoding="utf-8")
    written = [*_documents(document, folder)]
    typed, supplied = characters(document)
    share = supplied * 100 // (typed + supplied) if typed + supplied else 0
    sys.stdout.write(
        f"{outline.id}: {player.messages} messages, {len(document.gaps)} gaps; {typed + supplied} characters in the draft, "
        f"{typed} typed and {supplied} ({share}%) supplied by the assistant\n"
        + "".join(f"  {path}\n" for path in (folder / "transcript.txt", folder / "draft.txt", *written))
    )


def _documents(document: Draft, folder: Path) -> Iterator[Path]:
    """The draft as .docx, and as PDF and page images where those can be had."""
    settings = DocumentSettings()
    for format in FORMATS:
        if format.suffix == ".txt":
            continue  # draft.txt is there already
        path = folder / filename(document, format.suffix)
        try:
            path.write_bytes(format.write(document, settings))
        except DocumentError as error:
            print(f"  no {format.suffix}: {error}", file=sys.stderr)
        else:
            yield path
    try:
        from bot.documents.pdf import write_images

        images = write_images(document, settings)
    except DocumentError:
        return
    for number, image in enumerate(images, 1):
        path = folder / f"page-{number}.png"
        path.write_bytes(image)
        yield path


def _clock(sample: Sample) -> Clock:
    moment = datetime.datetime.combine(sample.today, datetime.time(9), datetime.UTC)
    return lambda: moment


class Player:
    """Someone who answers as a sample says, by messages and buttons alone."""

    def __init__(self, conversation: Conversation, store: Store, outline: Outline, sample: Sample) -> None:
        self.messages = 0
        self._conversation = conversation
        self._store = store
        self._outline = outline
        self._sample = sample
        self._last: Reply = Reply("")
        self._said: list[str] = []
        self._ids = itertools.count(1)

    def play(self) -> Draft:
        """The whole session; the draft that it ends with."""
        self._last_year()
        self.send("/start")
        self.send("/new")
        if self._sample.last:
            self._take_first_button()
        self._questions(only_intro=True)
        self._change_sections()
        self.send("/resume")
        self._questions()
        self._own_texts()
        self.send("/draft")
        return draft(self._plan())

    def _last_year(self) -> None:
        """Last year's report, as if it had been written here, where the sample tells of it."""
        before = self._sample.before(self._outline)
        if before is None:
            return
        at = self._sample.today.replace(year=self._sample.today.year - 1).isoformat()
        report = self._store.reports.create(
            self._outline.id, self._outline.version, owner=PERSON, at=f"{at}T09:00:00+00:00",
            edits=tuple(edits_of(before)),
        )  # fmt: skip
        with self._store.people.using(PERSON) as person:
            person.update(reports=[report.id])

    def transcript(self) -> str:
        """The session as it looked: what was typed or pressed behind >, what came back."""
        return "\n".join(self._said) + "\n"

    def send(self, text: str) -> None:
        number = str(next(self._ids))
        self.messages += 1
        self._take(Message(person=PERSON, id=f"d{number}", message=f"m{number}", text=text), text)

    def press(self, verb: Verb, target: str = "") -> None:
        """Press a button that the last reply has."""
        buttons = [button for row in self._last.buttons for button in row]
        for button in buttons:
            action = Action.unpack(button.data)
            if action and action.verb is verb and action.target == target:
                self._take(
                    Press(person=PERSON, id=f"d{next(self._ids)}", data=button.data), f"[{button.label}]"
                )
                return
        raise AssertionError(f"no button {verb.name} {target} below: {self._last.text[:200]}")

    def _take_first_button(self) -> None:
        button = self._last.buttons[0][0]
        self._take(Press(person=PERSON, id=f"d{next(self._ids)}", data=button.data), f"[{button.label}]")

    def _take(self, event: Event, shown: str) -> None:
        self._said.append(f"> {shown}\n")
        for reply in self._conversation.handle(event):
            self._last = reply
            labels = "  ".join(f"[{button.label}]" for row in reply.buttons for button in row)
            self._said.append(f"{reply.text}\n{labels}\n")

    def _report(self) -> Report:
        with self._store.people.using(PERSON) as person:
            id = person.person.report
        report = self._store.reports.get(id)
        assert report is not None
        return report

    def _place(self) -> Place:
        return self._report().place(PERSON)

    def _plan(self) -> Plan:
        before = self._sample.before(self._outline)
        return Plan(self._outline, Content.of(self._report().content), self._sample.today, before)

    def _questions(self, *, only_intro: bool = False) -> None:
        intro = {question.key for question in self._outline.intro}
        for _ in range(3 * len(self._plan().outline.questions) + 3 * len(self._outline.sections) + 10):
            place = self._place()
            if place.mode == walking.END or (only_intro and place.question not in intro):
                return
            if place.mode == walking.DONE:
                self.press(Verb.NEXT_SECTION, place.section)
            else:
                self._answer(place.question)
        raise AssertionError(f"no end of questions; last: {self._last.text[:200]}")

    def _answer(self, key: str) -> None:
        messages = self._sample.messages(key)
        if not messages:
            self.press(Verb.SKIP, key)
        elif messages == [NONE]:
            self.press(Verb.NONE, key)
        else:
            for text in messages:
                self.send(text)
            place = self._place()
            if place.question == key and (
                TYPES[self._plan().outline.questions[key].type].gathers or place.mode == ""
            ):
                self.press(Verb.NEXT, key)

    def _change_sections(self) -> None:
        for id in self._sample.dropped:
            self._menu(id)
            self.press(Verb.DROP, id)
        for id, heading in self._sample.headings.items():
            self._menu(id)
            self.press(Verb.RENAME_SECTION, id)
            assert self._place().mode == HEADING
            self.send(heading)
        for parent, wanted in self._sample.orders.items():
            self._order(parent.strip("^"), list(wanted))

    def _order(self, parent: str, wanted: list[str]) -> None:
        for position, id in enumerate(wanted):
            for _ in range(len(self._outline.sections)):
                siblings = [s.id for s in self._plan().sections if s.parent == parent]
                if siblings.index(id) <= position:
                    break
                self._menu(id)
                self.press(Verb.UP, id)

    def _own_texts(self) -> None:
        for id, text in self._sample.wordings.items():
            self._menu(id)
            self.press(Verb.OWN_TEXT, id)
            self.send(text)
        for added in self._sample.added:
            self._menu(added.after)
            self.press(Verb.ADD, added.after)
            self.send(added.heading)
            assert self._place().mode == WORDING
            self.send(added.text)

    def _menu(self, id: str) -> None:
        self.send("/outline")
        self.press(Verb.MENU, id)
