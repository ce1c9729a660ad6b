"""Long texts in messages that Telegram takes."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.splitting import split, units
from bot.conversation.events import Emphasis, Mark


def test_a_cut_falls_between_paragraphs_where_there_is_one() -> None:
    pieces = split("甲" * 30 + "\n\n" + "乙" * 30 + "\n丙", limit=50)
    assert [text for text, _ in pieces] == ["甲" * 30, "乙" * 30 + "\n丙"]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    pieces = split("一句话很长。" * 20, limit=50)
    assert all(text.endswith("。") for text, _ in pieces)


def test_what_people_see_as_one_character_is_not_parted() -> None:
    family = "👨‍👩‍👧"
    for limit in range(8, 20):
        pieces = split("字" * 7 + family * 5, limit=limit)
        assert "".join(text for text, _ in pieces) == "字" * 7 + family * 5
        assert all(not text.startswith("\u200d") and not text.endswith("\u200d") for text, _ in pieces)


def test_emphasis_goes_with_its_text() -> None:
    pieces = split("甲" * 10 + "\n" + "乙" * 10, [Mark(5, 15, Emphasis.STRONG)], limit=12)
    assert [marks for _, marks in pieces] == [
        (Mark(5, 11, Emphasis.STRONG),),
        (Mark(0, 4, Emphasis.STRONG),),
    ] or [marks for _, marks in pieces] == [(Mark(5, 10, Emphasis.STRONG),), (Mark(0, 4, Emphasis.STRONG),)]


@given(st.text(max_size=300), st.integers(20, 60))
def test_nothing_is_lost_and_no_piece_is_too_long(text: str, limit: int) -> None:
    text = text.encode("utf-8", "ignore").decode()
    pieces = [piece for piece, _ in split(text, limit=limit)]
    assert all(0 < units(piece) <= limit for piece in pieces)
    assert "".join(pieces).replace("\n", "") == "".join(c for c in text if c != "\n") or text.strip() != text


@given(st.text(max_size=200))
def test_lengths_are_counted_as_telegram_counts_them(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    assert units(text) == len(text.encode("utf-16-le")) // 2
