"""What a review finds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from prompts.rules import Level

GRAVITY = {Level.MUST: 0, Level.DOUBT: 1, Level.HINT: 2}


@dataclass(frozen=True)
class Finding:
    """One doubt about a text.

    `line` is the index of its line, from 0; `text` the words in question, exactly as they stand at `start`; both are
    empty for what concerns the whole. `mend` can replace `text` as it is; where only a person can say what is right
    it is None and `advice` says what to do.
    """

    rule: str
    level: Level
    kind: str
    line: int
    start: int
    text: str
    reason: str
    mend: str | None = None
    advice: str = ""
    section: str = ""
    key: str = ""  # the question that it is about, where no words of the text are
    about: str = ""  # tells it from others of its rule and section, where no words of the text do

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def proposal(self) -> str:
        """The mend in words."""
        return self.advice or (self.mend if self.mend is not None else "")

    @property
    def id(self) -> str:
        """The same as long as the same words stand in the same section: what was ignored stays ignored."""
        named = f"{self.rule}\0{self.section}\0{self.text}" + (f"\0{self.about}" if self.about else "")
        return f"{self.rule[:14]}-{hashlib.sha256(named.encode()).hexdigest()[:6]}"
