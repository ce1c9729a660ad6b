"""An outline without turns, a script that fills it, and what must be kept after each step of the script.

The expectation is worked out from the script alone, so that it can be held against what the program has kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.conversation.actions import Action, Verb
from bot.conversation.events import Event, Message, Press
from store import Report

ID = "straight"
QUESTIONS = 24
BEGIN = Action(Verb.BEGIN, "", ID).pack()


def kind(number: int) -> str:
    return "items" if number % 4 == 3 else "text"


def write_straight(folder: Path) -> None:
    """The outline's files: one section, texts and every fourth a list."""
    (folder / ID).mkdir(parents=True)
    (folder / ID / "outline.toml").write_text('name = "一问一答"\ntitle = "{{ q0 }}"\n', encoding="utf-8")
    asked = "\n".join(
        f'[[questions]]\nkey = "q{n}"\nask = "第{n}问？"\ntype = "{kind(n)}"\n' for n in range(QUESTIONS)
    )
    said = "\n".join(
        f"{{{{ q{n}{' | as_points' if kind(n) == 'items' else ''} }}}}" for n in range(QUESTIONS)
    )
    text = f'+++\nheading = "全部"\n\n{asked}+++\n{said}\n'
    (folder / ID / "10-all.md").write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class Expected:
    """What a report holds, and which question its drafter is asked ("" at the end); None: there is no report yet."""

    answers: dict[str, Any] | None
    question: str = ""


class Script:
    """What one person sends, one event after another, and what holds after each."""

    def __init__(self, person: str) -> None:
        self.person = person
        self.steps: list[tuple[str, str]] = [("begin", "")]
        for n in range(QUESTIONS):
            if kind(n) == "text":
                self.steps.append((f"q{n}", f"{person}的第{n}个回答"))
            else:
                self.steps += [(f"q{n}", f"{person}的第{n}个做法之{part}") for part in "甲乙丙"]
                self.steps.append((f"q{n}", "完成"))

    def __len__(self) -> int:
        return len(self.steps)

    def event(self, step: int, times: int = 0) -> Event:
        """The event of a step; `times` tells sendings of the same text apart, the same for a redelivery."""
        id = f"{step}-{times}"
        if step == 0:
            return Press(person=self.person, id=id, data=BEGIN)
        return Message(person=self.person, id=id, message=f"m{id}", text=self.steps[step][1])

    def after(self, steps: int) -> Expected:
        """What holds once so many steps were taken."""
        if not steps:
            return Expected(None)
        answers: dict[str, Any] = {}
        for key, typed in self.steps[1:steps]:
            if typed == "完成":
                continue
            if kind(int(key[1:])) == "items":
                answers[key] = [*answers.get(key, ()), typed]
            else:
                answers[key] = typed
        return Expected(answers, self.steps[steps][0] if steps < len(self.steps) else "")


def kept(report: Report | None, person: str) -> Expected:
    """The same of a report as the store has it."""
    if report is None:
        return Expected(None)
    answers = {key: answer["value"] for key, answer in report.content.get("answers", {}).items()}
    return Expected(answers, report.place(person).question)


def asked_in(text: str) -> str:
    """The question that a reply asks."""
    lines: Iterator[str] = (
        line for line in text.splitlines() if line.startswith("第") and line.endswith("问？")
    )
    return next((f"q{line[1:-2]}" for line in lines), "")
