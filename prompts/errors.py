"""What can be wrong with an outline, in the words of whoever writes outlines."""

from __future__ import annotations

from pathlib import Path


class OutlineError(Exception):
    """An outline cannot be used. The message is one line: file, line, what is wrong, how to mend it."""

    def __init__(self, path: Path, problem: str, line: int | None = None) -> None:
        super().__init__(f"{path}:{line}: {problem}" if line else f"{path}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem
