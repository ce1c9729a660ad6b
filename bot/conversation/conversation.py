"""Event in, replies out: decides what an event means where the person stands, and sees to it that nothing breaks.

Safe to call from several threads; one person's events are taken one after another.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Mapping, Sequence

from bot.conversation import (
    answering,
    approving,
    checking,
    drafting,
    exporting,
    history,
    reports,
    sections,
    sharing,
    tables,
    uploading,
    walking,
)
from bot.conversation.actions import Action, Verb
from bot.conversation.events import Edited, Event, Message, Press, Reply, Unsupported, Upload
from bot.conversation.here import go, here, resume
from bot.conversation.looked import Looked
from bot.conversation.notices import Notices
from bot.conversation.plans import Plans
from bot.conversation.rights import NotAllowed
from bot.conversation.session import Clock, OutlineGone, Session
from bot.documents.settings import DocumentSettings
from bot.review import Review
from prompts.chat import Wording
from prompts.content import WHOLE
from prompts.outline import Outline
from store import Damaged, NotSaved, Store, StoreError, Unreadable, local_time

log = logging.getLogger(__name__)

_COMMAND = re.compile(r"/([A-Za-z_]+)(?:@\w+)?(?:\s+(.*))?", re.S)
_WORDS = {
    "完成": "next", "下一问": "next", "跳过": "skip", "不涉及": "none", "上一问": "back", "目录": "outline",
    "预览本节": "preview", "预览": "preview", "清空": "clear", "撤销": "undo", "重做": "redo", "看全文": "draft", "校核": "check", "导出": "export", "看版面": "pages",
    "继续填写": "resume", "取消": "cancel", "帮助": "help", "还缺什么": "missing", "看范文": "sample", "看上年": "last_year", "看表格": "table", "空白表": "form", "返回": "return",
    "下一节": "next_section", "重填": "refill", "改正文": "own_text",
}  # fmt: skip

COMMANDS = (
    "start", "new", "resume", "list", "outline", "draft", "check", "export", "pages", "preview", "missing", "skip", "back", "undo", "redo",
    "sample", "share", "team", "remind", "due", "approve", "history", "quiet", "settings", "rename", "delete", "cancel", "help",
)  # fmt: skip

Screen = Callable[[Session], Reply]


class Conversation:
    """The assistant's side of every conversation."""

    def __init__(
        self,
        store: Store,
        outlines: Mapping[str, Outline],
        wording: Wording,
        clock: Clock = local_time,
        documents: DocumentSettings | None = None,
        review: Review | None = None,
    ) -> None:
        self.store = store
        self.outlines = outlines
        self.wording = wording
        self._clock = clock
        self._documents = documents or DocumentSettings()
        self._review = review or Review()
        self._looked = Looked()
        self._plans = Plans()
        self.link: Callable[[str], str] = lambda payload: f"/start {payload}"  # a channel knows better
        self.notices = Notices(store, outlines, wording, clock)

    def commands(self) -> list[tuple[str, str]]:
        """Every command and what it does, for a channel's menu."""
        return [(name, self.wording.phrase(f"command.{name}")) for name in COMMANDS]

    def handle(self, event: Event) -> Sequence[Reply]:
        """Take an event. What it changed is on disk when this returns; it never raises."""
        news: Reply | None = None
        try:
            with self.store.people.using(event.person) as person:
                session = Session(
                    event,
                    person,
                    self.store,
                    self.outlines,
                    self.wording,
                    self._clock,
                    self._documents,
                    self._review,
                    self._looked,
                    self.link,
                    self._plans,
                )
                news = self.notices.take(person)
                try:
                    reply = self._allowed(session)
                    session.note_taken()
                finally:
                    session.close()
            self.notices.tell(session.told)
        except NotSaved as error:
            log.error("not saved: %s", error)
            return self._after(news, self._say("not_saved"))
        except (Damaged, Unreadable) as error:
            log.error("%s", error)
            if isinstance(error, Unreadable) and error.passing:
                return self._after(news, self._say("not_saved"))
            self._let_go(event)
            aside = isinstance(error, Damaged) and error.aside is not None
            return self._after(news, self._say("unreadable", file=error.path.name, aside=aside))
        except OutlineGone as error:
            log.error("report %s: its outline %s is not installed", error.report.id, error.report.outline)
            self._let_go(event)
            gone = self._say("outline_gone", title=error.report.outline, outline=error.report.outline)
            return self._after(news, gone)
        except Exception as error:
            # Where it broke, but not the message of the exception: it may quote what someone typed.
            frames = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s while taking a %s\n%s", type(error).__name__, type(event).__name__, frames)
            return self._after(news, self._say("internal_error"))
        return self._after(news, reply)

    def _after(self, news: Reply | None, reply: Reply) -> list[Reply]:
        """The reply below the news, which count as told from now on, whatever became of the event."""
        return [news, reply] if news else [reply]

    def _allowed(self, session: Session) -> Reply:
        """The answer, or why something may not be done; nothing was changed then."""
        try:
            return self._answer(session)
        except NotAllowed as refused:
            session.notice = session.say(f"rights.{refused.code}")
            return here(session) if session.has_report else reports.start(session)

    def _say(self, name: str, /, **values: object) -> Reply:
        return Reply(self.wording.phrase(name, notice="", **values))

    def _let_go(self, event: Event) -> None:
        """A report that cannot be opened must not keep its people from their other ones."""
        try:
            with self.store.people.using(event.person) as person:
                person.update(report="")
        except Exception as error:
            log.error("%s while letting go of a report", type(error).__name__)

    def _answer(self, session: Session) -> Reply:
        session.notice = self._restored(session)
        event = session.event
        if session.taken_before:
            return here(session) if session.has_report else reports.start(session)
        match event:
            case Message():
                return self._message(session, event)
            case Press():
                return self._press(session, event)
            case Edited():
                return self._edited(session, event)
            case Upload():
                return uploading.take(session, event)
            case Unsupported():
                return session.reply("unsupported", kind=event.kind)
            case _:
                raise TypeError(type(event).__name__)

    def _restored(self, session: Session) -> str:
        """Tell whoever opens it that a report's file was put back to its previous state."""
        _ = session.has_report
        report = session.person.person.report
        for notice in [n for n in self.store.reports.restored if n.path.stem == report]:
            self.store.reports.restored.remove(notice)
            return session.say("notice.restored_file")
        return ""

    # Messages

    def _message(self, session: Session, event: Message) -> Reply:
        text = event.text.strip()
        match = _COMMAND.fullmatch(text)
        if match and match[1].lower() == "start" and match[2]:
            joined = sharing.join(session, match[2].strip())
            if joined is not None:
                return joined
        if match and match[1].lower() in COMMANDS:
            return self._command(session, match[1].lower())
        if reports.is_choosing(session):
            return reports.still_choosing(session)
        if match and not match[2]:
            return session.reply("unknown_command", command=f"/{match[1]}"[:40])
        if not session.has_report:
            return session.reply("nothing_open", has_report=False)
        place = walking.settled(session.plan, session.place)
        match place.mode:
            case sections.HEADING:
                return sections.take_heading(session, place.section, text)
            case sections.WORDING:
                return sections.take_wording(session, place.section, event.text, event.message)
            case sections.ADDED:
                return sections.take_added(session, place.section, text)
            case reports.TITLE:
                return reports.take_title(session, text)
            case sharing.FILL | sharing.VIEW:
                return sharing.take_share(session, text)
            case sharing.DUE:
                return sharing.take_due(session, text)
            case approving.REMARK:
                return approving.take_return(session, place.section, text)
            case approving.REASON:
                return approving.take_reason(session, place.section, text)
        if text in _WORDS:
            return self._word(session, _WORDS[text])
        if place.mode not in ("", walking.REFILL) or not place.question:
            return session.reply("nothing_open", has_report=True)
        if place != session.place:
            session.move(place)
        question = session.outline.questions[place.question]
        return answering.take(session, question, event.text, event.message)

    def _command(self, session: Session, name: str) -> Reply:
        self._leave_choosing(session)
        free: dict[str, Screen] = {
            "start": reports.start,
            "new": reports.new,
            "resume": reports.resume_some,
            "list": reports.list_,
            "help": self._help,
            "quiet": sharing.quiet,
        }
        if name in free:
            self._leave_mode(session)
            return free[name](session)
        if not session.has_report:
            return reports.nothing(session)
        if name != "cancel":
            self._leave_mode(session)
        return self._word(session, name)

    def _leave_mode(self, session: Session) -> None:
        """A command while a heading or a text was asked for: that is let be, and nothing is misfiled later."""
        if session.has_report and session.place.mode in _PENDING:
            session.move(walking.returned(session.plan, session.place.back))

    def _leave_choosing(self, session: Session) -> None:
        if reports.is_choosing(session):
            session.person.update(mode="")

    def _help(self, session: Session) -> Reply:
        return session.reply("help", commands=self.commands())

    def _word(self, session: Session, name: str) -> Reply:
        """A command or a typed button label about the report at hand."""
        screens: dict[str, Screen] = {
            "outline": sections.outline,
            "draft": drafting.whole,
            "check": checking.check,
            "export": exporting.offer,
            "pages": exporting.pages,
            "preview": drafting.preview,
            "missing": drafting.missing,
            "undo": history.undo,
            "redo": history.redo,
            "sample": drafting.sample,
            "last_year": drafting.last_year,
            "settings": reports.settings,
            "share": sharing.ask_share,
            "team": sharing.team,
            "remind": sharing.remind,
            "due": sharing.ask_due,
            "approve": lambda s: approving.approve(s, WHOLE),
            "history": approving.history,
            "rename": reports.ask_title,
            "delete": reports.ask_delete,
            "cancel": self._cancel,
            "back": answering.back,
            "resume": resume,
            "return": here,
            "help": self._help,
        }
        if name in screens:
            return screens[name](session)
        place = walking.settled(session.plan, session.place)
        if name == "next_section" or (name in ("next", "skip") and place.mode == walking.DONE):
            return go(session, walking.next_section(session.plan, place.section))
        if name == "refill":
            return go(session, walking.refill(session.plan, place.section))
        if name == "own_text":
            return sections.ask_for(session, sections.WORDING, place.section)
        question = session.question(place.question) if place.mode in ("", walking.REFILL) else None
        if question is None:
            return here(session)
        match name:
            case "skip":
                return answering.skip(session, question)
            case "none":
                return answering.none(session, question)
            case "clear":
                return answering.clear(session, question)
            case "table" | "form" if question.type == "table":
                return tables.show(session, question) if name == "table" else tables.form(session, question)
            case "table" | "form":
                return here(session)
            case _:
                return answering.next_(session)

    def _cancel(self, session: Session) -> Reply:
        pending = session.place.mode in _PENDING
        if pending:
            session.move(walking.returned(session.plan, session.place.back))
        line = session.say("notice.cancelled" if pending else "notice.nothing_to_cancel")
        place = session.place
        where = session.section_label(place.section) if place.section else ""
        return session.reply("paused", [[session.button("resume", Verb.RESUME)]], notice=line, where=where)

    # Edited messages

    def _edited(self, session: Session, event: Edited) -> Reply:
        mine = [session.person.person.report, *reversed(session.person.person.reports)]
        current = session.person.person.report
        for id in dict.fromkeys(id for id in mine if id):
            if id != current and not self._gave(session, id, event.message):
                continue
            if id != current and not session.switch(id):
                continue
            if session.has_report and (reply := answering.edited(session, event)) is not None:
                return reply
        session.notify("edited_unknown")
        return here(session) if session.has_report else reports.nothing(session)

    def _gave(self, session: Session, id: str, message: str) -> bool:
        """Whether a message gave something to a report, without making it the one at hand."""
        session.close()  # nobody waits for a second report while holding one: two such would wait for each other
        try:
            report = self.store.reports.get(id)
        except StoreError:  # another report's file is no reason to let go of the one at hand
            return False
        if report is None or report.deleted:
            return False
        answers = report.content.get("answers", {}).values()
        return any(part.get("message") == message for answer in answers for part in answer.get("parts", ()))

    # Buttons

    def _press(self, session: Session, event: Press) -> Reply:
        self._leave_choosing(session)
        action = Action.unpack(event.data)
        if action is None:
            session.notify("unknown_button")
            return here(session) if session.has_report else reports.start(session)
        match action.verb:
            case Verb.NEW:
                return reports.new(session)
            case Verb.BEGIN:
                return reports.begin(session, action.target, action.argument)
            case Verb.LIST:
                return reports.list_(session)
            case Verb.HELP:
                return self._help(session)
            case Verb.IMPORT:
                return uploading.decide(session, action.target, action.argument)
            case Verb.IMPORT_AS:
                return uploading.as_other(session, action.argument)
            case Verb.BRING_BACK:
                return reports.bring_back(session, action.report)
            case Verb.RESUME if not action.report:
                return reports.resume_some(session)
        if not self._at_hand(session, action):
            session.notify("unknown_button")
            return here(session) if session.has_report else reports.start(session)
        self._leave_mode(session)
        return self._about_question(session, action) or self._about_section(session, action)

    def _at_hand(self, session: Session, action: Action) -> bool:
        """Whether the action's report is at hand, or can be made so: an old button may be about another one."""
        if session.has_report and session.report.id == action.report:
            return True
        if not session.switch(action.report):
            return False
        session.notify("switched", title=session.title())
        return True

    def _about_question(self, session: Session, action: Action) -> Reply | None:
        """What a button does at the question it names, if that is the one being asked; an old one does nothing."""
        if action.verb not in _QUESTION_VERBS or (action.verb is Verb.BACK and not action.target):
            return None
        place = walking.settled(session.plan, session.place)
        question = session.question(action.target)
        if question is None or place.mode not in ("", walking.REFILL) or place.question != action.target:
            session.notify("old_button")
            return here(session)
        if action.verb in (Verb.TABLE, Verb.FORM) and question.type != "table":
            session.notify("unknown_button")
            return here(session)
        match action.verb:
            case Verb.SKIP:
                return answering.skip(session, question)
            case Verb.NONE:
                return answering.none(session, question)
            case Verb.BACK:
                return answering.back(session)
            case Verb.CLEAR:
                return answering.clear(session, question)
            case Verb.NEXT:
                return answering.next_(session)
            case Verb.RESTORE_ANSWER:
                return answering.restore(session, question)
            case Verb.CHOOSE:
                return answering.choose(session, question, action.argument)
            case Verb.TOGGLE:
                return answering.toggle(session, question, action.argument)
            case Verb.TABLE:
                return tables.show(session, question)
            case Verb.FORM:
                return tables.form(session, question)
            case Verb.SUGGESTED:
                return answering.suggested(session, question, action.argument)
            case _:
                return answering.take(session, question, action.argument)

    def _about_section(self, session: Session, action: Action) -> Reply:
        id = action.target
        if action.verb in _SECTION_VERBS:
            known = session.plan.section(id) is not None or bool(session.plan.questions_of(id))
            known = known or (id == WHOLE and action.verb in (Verb.APPROVE, Verb.REOPEN, Verb.SHARE))
            if not known and not (action.verb is Verb.PREVIEW and not id):
                session.notify("unknown_button")
                return here(session)
        match action.verb:
            case Verb.FILL:
                return go(session, walking.enter(session.plan, id))
            case Verb.REFILL:
                return go(session, walking.refill(session.plan, id))
            case Verb.MENU:
                return sections.menu(session, id, in_place=True)
            case Verb.NEXT_SECTION:
                return go(session, walking.next_section(session.plan, id))
            case Verb.PREVIEW:
                return drafting.preview(session, id)
            case Verb.LAST_YEAR:
                return drafting.last_year(session, id)
            case Verb.RENAME_SECTION:
                return sections.ask_for(session, sections.HEADING, id)
            case Verb.OWN_TEXT:
                return sections.ask_for(session, sections.WORDING, id)
            case Verb.ADD:
                return sections.ask_for(session, sections.ADDED, id)
            case Verb.RESET_HEADING:
                return sections.reset_heading(session, id)
            case Verb.OUTLINE_TEXT:
                return sections.outline_text(session, id)
            case Verb.DROP:
                return sections.drop(session, id)
            case Verb.RESTORE:
                return sections.restore(session, id)
            case Verb.UP | Verb.DOWN:
                return sections.shift(session, id, -1 if action.verb is Verb.UP else 1)
            case Verb.REMOVE_OWN:
                return sections.remove_own(session, id)
            case Verb.FINISH:
                return approving.finish(session, id)
            case Verb.RETURN_IT:
                return approving.ask_return(session, id)
            case Verb.APPROVE:
                return approving.approve(session, id)
            case Verb.REOPEN:
                return approving.reopen(session, id)
            case Verb.SHARE:
                return sharing.share(session, () if id == WHOLE else (id,), fills=action.argument != "v")
            case _:
                return self._about_report(session, action)

    def _about_team(self, session: Session, action: Action) -> Reply | None:
        match action.verb:
            case Verb.TEAM:
                return sharing.team(session, in_place=True)
            case Verb.SHARE_ROLE:
                return sharing.ask_share(session, fills=action.argument != "v", in_place=True)
            case Verb.TAKE_BACK | Verb.TAKE_BACK_SURE:
                return sharing.take_back(session, action.argument, sure=action.verb is Verb.TAKE_BACK_SURE)
            case Verb.HAND_OVER | Verb.HAND_OVER_SURE:
                return sharing.hand_over(session, action.argument, sure=action.verb is Verb.HAND_OVER_SURE)
            case Verb.REMIND:
                return sharing.remind(session)
            case Verb.HISTORY:
                return approving.history(session, action.target)
            case Verb.PUT_BACK:
                return approving.put_back(session, action.target, action.argument)
            case Verb.CHOOSE_PROPOSED:
                return approving.choose_proposed(session, action.target, action.argument)
            case _:
                return None

    def _about_report(self, session: Session, action: Action) -> Reply:
        if (reply := self._about_team(session, action)) is not None:
            return reply
        match action.verb:
            case Verb.GO:
                place = drafting.correct(session, action.target)
                if place is None:
                    session.notify("not_applicable_now")
                    return here(session)
                return go(session, place)
            case Verb.CHECK if action.argument:
                return checking.check(session, checking.page_of(action.argument), in_place=True)
            case Verb.FIX:
                return checking.fix(session, action.target, checking.page_of(action.argument))
            case Verb.IGNORE:
                return checking.ignore(session, action.target, checking.page_of(action.argument))
            case Verb.SEE:
                return checking.see(session, action.target)
            case Verb.REMARKS:
                return checking.remarks(session)
            case Verb.EXPORT if action.target:
                return exporting.export(session, action.target)
            case Verb.OUTLINE:
                return sections.outline(session, in_place=True)
            case Verb.CONFIRM_DELETE:
                return reports.delete(session)
            case Verb.KEEP:
                session.notify("not_deleted")
                return here(session)
            case Verb.TITLE_RESET:
                return reports.reset_title(session)
            case Verb.SETTING:
                return reports.set_(session, action.target, action.argument)
            case Verb.RETURN:
                return here(session)
            case _:
                return self._word(session, _VERB_WORDS[action.verb])


_PENDING = (  # modes that await a text
    sections.HEADING,
    sections.WORDING,
    sections.ADDED,
    reports.TITLE,
    sharing.FILL,
    sharing.VIEW,
    sharing.DUE,
    approving.REMARK,
    approving.REASON,
)
_QUESTION_VERBS = {
    Verb.SKIP, Verb.NONE, Verb.BACK, Verb.CLEAR, Verb.NEXT, Verb.RESTORE_ANSWER, Verb.CHOOSE, Verb.TOGGLE,
    Verb.SUGGESTED, Verb.VALUE, Verb.TABLE, Verb.FORM,
}  # fmt: skip
_SECTION_VERBS = {
    Verb.FILL, Verb.REFILL, Verb.MENU, Verb.NEXT_SECTION, Verb.PREVIEW, Verb.LAST_YEAR, Verb.RENAME_SECTION, Verb.OWN_TEXT, Verb.ADD,
    Verb.RESET_HEADING, Verb.OUTLINE_TEXT, Verb.DROP, Verb.RESTORE, Verb.UP, Verb.DOWN, Verb.REMOVE_OWN, Verb.FINISH,
    Verb.RETURN_IT, Verb.APPROVE, Verb.REOPEN, Verb.SHARE,
}  # fmt: skip
_VERB_WORDS = {
    Verb.DRAFT: "draft", Verb.MISSING: "missing", Verb.RESUME: "resume", Verb.SAMPLE: "sample", Verb.UNDO: "undo",
    Verb.CHECK: "check", Verb.EXPORT: "export", Verb.PAGES: "pages", Verb.REDO: "redo", Verb.DELETE: "delete", Verb.BACK: "back",
}  # fmt: skip
