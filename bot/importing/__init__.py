"""A report that was written elsewhere, into an outline: what its file says, which section each part is, what it counts.

Nothing is kept here: `propose` says what would go where, and whoever sent the file decides.
"""

from bot.importing.figures import FoundFigure
from bot.importing.proposal import Placed, Proposal, best_outline, propose
from bot.importing.structure import WrittenReport, read_report

__all__ = ["FoundFigure", "Placed", "Proposal", "WrittenReport", "best_outline", "propose", "read_report"]
