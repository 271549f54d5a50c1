"""The draft and its evidence: every claim can be pointed at, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from copilot.domain import ArticleId, Draft, DraftSentence, Support
from copilot.errors import StoreError
from tests.ui.assist.conftest import MAYA, Side
from tests.ui.conftest import until
from tests.ui.fake_desk import ARTICLES
from ui.assist.drafttext import DraftText, source_numbers


def draft_of(side: Side) -> Draft:
    content = side.workspace.briefs[MAYA].suggestion.content
    assert isinstance(content, Draft)
    return content


async def test_each_source_has_a_number_and_each_claim_shows_it(side: Side) -> None:
    await side.open()
    text = side.pane.draft.text.toPlainText()
    assert "ask again.\u202f1 Once" in text
    assert "same day.\u202f2 Your" in text
    assert "its way.\u202f?" in text


async def test_two_spans_of_one_article_are_one_source(side: Side) -> None:
    sentences = draft_of(side).sentences
    doubled = (*sentences, sentences[2])
    assert len(source_numbers(doubled)) == 3


async def test_pointing_at_a_sentence_shows_its_passage_with_what_stands_around_it(side: Side) -> None:
    await side.open()
    side.pane.draft.text.point(2)
    sources = side.pane.draft.sources
    citation = draft_of(side).sentences[2].citations[0]
    assert side.cited[-1] == citation
    assert citation.quote in sources.passage()
    await until(lambda: "warehouse has not scanned" in sources.passage())
    lit = [mark.cursor.selectedText() for mark in sources._passage.extraSelections()]
    assert lit == [citation.quote]


async def test_pointing_moves_nothing(side: Side) -> None:
    await side.open()
    before = side.pane.draft.size(), side.pane.draft.sources.geometry()
    for number in range(-1, 6):
        side.pane.draft.text.point(number)
        assert (side.pane.draft.size(), side.pane.draft.sources.geometry()) == before


async def test_an_article_that_has_changed_since_is_not_lit_in_the_wrong_place(
    side: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    await side.open()
    article = ARTICLES["release-refund"]
    monkeypatch.setitem(ARTICLES, ArticleId("release-refund"), type(article)(
        id=article.id, title=article.title, text="Entirely rewritten.", kind=article.kind))  # fmt: skip
    side.pane.draft.text.point(2)
    await until(lambda: side.workspace.calls.of("article"))
    assert side.pane.draft.sources.passage() == draft_of(side).sentences[2].citations[0].quote


async def test_an_article_that_cannot_be_read_leaves_the_quote(side: Side) -> None:
    await side.open()
    side.workspace.fail_next("article", StoreError("Gone."))
    side.pane.draft.text.point(2)
    await until(lambda: side.workspace.calls.of("article"))
    assert side.pane.draft.sources.passage() == draft_of(side).sentences[2].citations[0].quote


async def test_a_claim_without_a_source_says_so(side: Side) -> None:
    await side.open()
    side.pane.draft.text.point(4)
    assert side.cited[-1] is None
    assert side.pane.draft.sources.accessibleName() == "Source: Nothing we know supports this"


async def test_leaving_puts_the_list_of_sources_back(side: Side) -> None:
    await side.open()
    side.pane.draft.text.point(2)
    side.pane.draft.text.point(-1)
    assert side.cited[-1] is None
    assert side.pane.draft.sources.passage().splitlines() == [
        "1  Maya Stone",
        "2  Release a blocked refund",
        "3  How long a refund takes, by bank",
    ]


async def test_y_steps_through_the_claims_and_ends_with_none(side: Side) -> None:
    await side.open()
    seen = []
    for _ in range(6):
        side.pane.step_sources()
        seen.append(side.pane.draft.text.current)
    assert seen == [1, 2, 3, 4, -1, 1]


def sentences() -> tuple[DraftSentence, ...]:
    return (
        DraftSentence(text="Hi 🙂,", support=Support.COURTESY, separator="\n\n"),
        DraftSentence(text="One.", support=Support.UNSUPPORTED),
        DraftSentence(text="Two.", support=Support.UNSUPPORTED, separator=""),
    )


def test_tab_goes_from_sentence_to_sentence_and_on(qapp: QApplication) -> None:
    text = DraftText()
    text.resize(300, 100)
    text.show_sentences(sentences())
    pointed: list[int] = []
    text.sentence_pointed.connect(pointed.append)
    assert text.focusNextPrevChild(True)
    assert text.focusNextPrevChild(True)
    assert pointed == [1, 2]
    assert not text.step(1)
    assert text.step(-1)
    assert text.current == 1
    text.deleteLater()


def test_the_mouse_points_too(qapp: QApplication) -> None:
    text = DraftText()
    text.resize(300, 100)
    text.show_sentences(sentences())
    text.show()
    cursor = QTextCursor(text.document())
    cursor.setPosition(text.toPlainText().index("Two") + 2)
    QTest.mouseMove(text.viewport(), text.cursorRect(cursor).center() + QPoint(1, 0))
    QTest.mouseMove(text.viewport(), text.cursorRect(cursor).center())
    assert text.current == 2
    text.hide()
    text.deleteLater()


def test_doubt_is_a_shape_not_a_colour_alone(qapp: QApplication) -> None:
    text = DraftText()
    text.show_sentences(sentences())
    cursor = QTextCursor(text.document())
    cursor.setPosition(text.toPlainText().index("One") + 2)
    wave = QTextCharFormat.UnderlineStyle.WaveUnderline
    assert cursor.charFormat().underlineStyle() == wave
    text.deleteLater()


async def test_an_emoji_shifts_no_sentence(side: Side) -> None:
    text = DraftText()
    text.resize(300, 100)
    text.show_sentences(sentences())
    text.point(1)
    [mark] = text.extraSelections()
    assert mark.cursor.selectedText().startswith("One.")
    text.deleteLater()


async def test_keys_reach_the_draft_by_tab(side: Side) -> None:
    await side.open()
    assert side.pane.draft.text.focusPolicy() & Qt.FocusPolicy.TabFocus
