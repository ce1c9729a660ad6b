"""The review of a text or a draft: findings with place, words, reason and mend; it changes nothing by itself.

What can be said as a pattern is data (`prompts/rules/`); here is what needs computing.
"""

from bot.review.checks import imbalances
from bot.review.finding import Finding
from bot.review.privacy import is_classified, scan
from bot.review.review import Review

__all__ = ["Finding", "Review", "imbalances", "is_classified", "scan"]
