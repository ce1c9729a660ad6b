"""Settings of the review: the table [review] of config.toml."""

from __future__ import annotations

import msgspec


class ReviewSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A folder of the office's own rules beside the built-in ones, and the ids of rules that are not wanted."""

    folder: str = ""
    off: tuple[str, ...] = ()
