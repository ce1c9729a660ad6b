"""What can go wrong while a document is written."""

from __future__ import annotations


class DocumentError(Exception):
    """A document cannot be written; one line for the operator that names file or setting and the mend."""


class NotInstalled(DocumentError):
    """The format needs an extra that is not installed."""
