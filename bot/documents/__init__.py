"""A draft as documents: .docx and PDF in the national layout, page images, text, Markdown.

`layout` holds the standard's numbers, `arranging` says where each line goes; the writers only translate.
"""

from bot.documents.errors import DocumentError, NotInstalled
from bot.documents.formats import FORMATS, Format, allowed_name, by_suffix, filename
from bot.documents.settings import DocumentSettings, resolved

__all__ = [
    "FORMATS", "DocumentError", "DocumentSettings", "Format", "NotInstalled", "allowed_name", "by_suffix", "filename", "resolved",
]  # fmt: skip
