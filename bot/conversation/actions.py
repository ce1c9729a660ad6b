"""What a button carries: an action that names its report and its section or question itself.

It holds no pointer into memory, so it means the same after a restart and a year later. 64 bytes at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 64


class Verb(StrEnum):
    """What a button does. The values are in buttons that people still have on their screens: never reuse one."""

    # about the question that is being asked; target is its key
    SKIP = "k"
    NONE = "x"
    BACK = "b"
    CLEAR = "c"
    NEXT = "n"
    RESTORE_ANSWER = "ra"
    CHOOSE = "ch"
    TOGGLE = "t"
    VALUE = "v"
    SUGGESTED = "s"
    TABLE = "tb"
    FORM = "tf"
    # about a section; target is its id
    FILL = "f"
    REFILL = "rf"
    MENU = "m"
    NEXT_SECTION = "ns"
    RENAME_SECTION = "h"
    RESET_HEADING = "hr"
    OWN_TEXT = "w"
    OUTLINE_TEXT = "wr"
    DROP = "d"
    RESTORE = "r"
    UP = "u"
    DOWN = "j"
    ADD = "a"
    REMOVE_OWN = "ar"
    # about a question anywhere; target is its key
    GO = "g"
    # about the report
    OUTLINE = "o"
    PREVIEW = "p"
    LAST_YEAR = "ly"  # target is a section
    DRAFT = "dr"
    MISSING = "mi"
    RESUME = "re"
    RETURN = "rt"
    SAMPLE = "sa"
    UNDO = "un"
    REDO = "rd"
    DELETE = "de"
    CONFIRM_DELETE = "cd"
    BRING_BACK = "bb"
    KEEP = "ke"
    TITLE_RESET = "tr"
    SETTING = "se"
    EXPORT = "ex"  # target is the format, or empty to be offered them
    PAGES = "pg"
    CHECK = "ck"  # argument is the page of the list
    FIX = "fx"  # target is a finding's id, as in the next two
    SEE = "fs"
    IGNORE = "fi"
    REMARKS = "rk"
    # about the team; argument is a person as `sharing.short` names them, or a role
    SHARE = "sh"
    SHARE_ROLE = "sr"
    TEAM = "tm"
    TAKE_BACK = "tk"
    TAKE_BACK_SURE = "tK"
    HAND_OVER = "ho"
    HAND_OVER_SURE = "hO"
    REMIND = "rm"
    # about a section's way to the final text; target is its id
    FINISH = "fn"
    RETURN_IT = "ri"
    APPROVE = "ap"
    REOPEN = "ro"
    HISTORY = "hi"  # or a question's key
    PUT_BACK = "pb"  # target is a key or an id, argument the change
    CHOOSE_PROPOSED = "tp"  # target is a key, argument which
    # about no report
    NEW = "nw"
    BEGIN = "bg"
    LIST = "ls"
    HELP = "hp"
    IMPORT = "im"  # target is the outline; argument what to take, and which proposal it was
    IMPORT_AS = "ia"  # argument is the outline


@dataclass(frozen=True, slots=True)
class Action:
    """A verb, the report it is about, its target and an argument; each may be empty."""

    verb: Verb
    report: str = ""
    target: str = ""
    argument: str = ""

    def pack(self) -> str:
        """As a button carries it. Raises `ValueError` when that is longer than `MAX_BYTES`."""
        data = ":".join((self.verb, self.report, self.target, self.argument)).rstrip(":")
        if len(data.encode()) > MAX_BYTES:
            raise ValueError(f"a button cannot carry {data!r}")
        return data

    @classmethod
    def unpack(cls, data: str) -> Action | None:
        """The action in `data`, or None where it is none of ours."""
        verb, *rest = data.split(":", 3)
        if verb not in Verb._value2member_map_:
            return None
        return cls(Verb(verb), *rest)


def fits(verb: Verb, report: str, target: str, argument: str) -> bool:
    """Whether a button can carry this."""
    return len(f"{verb}:{report}:{target}:{argument}".encode()) <= MAX_BYTES
