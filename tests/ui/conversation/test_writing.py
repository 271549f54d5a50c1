"""What is typed is kept, sent once, and comes back when it is taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage

from copilot.domain import (
    Capabilities,
    DecisionKind,
    Note,
    OutboxState,
    RemoteId,
    Reply,
    SavedReply,
    Status,
    Upload,
)
from copilot.errors import StoreError, UnavailableError
from tests.ui.conftest import until
from tests.ui.conversation.conftest import MAYA, OMAR, Desk, put_away
from tests.ui.fake_desk import ME
from ui.conversation.uploads import MOST_BYTES, read_upload


async def test_every_change_is_saved(desk: Desk) -> None:
    await desk.open()
    desk.type("Hello")
    await until(lambda: MAYA in desk.workspace.saved and desk.workspace.saved[MAYA].text == "Hello")
    await until(lambda: desk.pane.composer.state.text() == "Saved")


async def test_a_crash_loses_nothing(desk: Desk, new_desk: Callable[[], Desk]) -> None:
    await desk.open()
    desk.pane.note()
    desk.type("Warehouse found it")
    await until(lambda: desk.workspace.saved.get(MAYA) is not None)
    await desk.pane.settled()
    after = new_desk()
    await after.open()
    assert after.text == "Warehouse found it"
    assert after.pane.composer.is_note
    await put_away(after)


async def test_marks_come_back_after_a_crash(desk: Desk, new_desk: Callable[[], Desk]) -> None:
    await desk.open()
    desk.pane.insert_draft(*desk.draft())
    await desk.pane.settled()
    after = new_desk()
    await after.open()
    assert len(after.pane.composer.editor.marks) == len(desk.draft()[0].sentences)
    await put_away(after)


async def test_leaving_the_ticket_saves_at_once(desk: Desk) -> None:
    await desk.open()
    desk.type("Half a sen")
    desk.pane.show_ticket(OMAR)
    await desk.pane.settled()
    assert desk.workspace.saved[MAYA].text == "Half a sen"
    await until(lambda: desk.pane.header.accessibleName().startswith("Ticket: Charged"))
    assert desk.text == ""
    await desk.open(MAYA)
    assert desk.text == "Half a sen"


async def test_what_is_typed_before_the_saved_text_is_there_comes_after_it(desk: Desk) -> None:
    desk.workspace.saved[MAYA] = SavedReply(ticket=MAYA, text="Hi Maya,")
    desk.pane.show_ticket(MAYA)
    desk.type("and")
    await until(lambda: desk.text == "Hi Maya,\n\nand")
    await until(lambda: desk.workspace.saved[MAYA].text == "Hi Maya,\n\nand")


async def test_a_full_disk_is_said_and_the_text_stays(desk: Desk) -> None:
    await desk.open()
    desk.workspace.fail_next("save_reply", StoreError("The disk is full.", "Make room."))
    desk.type("Hello")
    await until(lambda: "disk is full" in desk.pane.composer.state.text())
    assert desk.text == "Hello"
    desk.type("!")
    await until(lambda: desk.pane.composer.state.text() == "Saved")
    assert desk.workspace.saved[MAYA].text == "Hello!"


async def test_nothing_can_be_sent_while_nothing_is_written(desk: Desk) -> None:
    await desk.open()
    composer = desk.pane.composer
    assert not composer.send.isEnabled()
    assert composer.send.toolTip() == "Write something first"
    assert desk.actions.reason("reply.send") == "Write something first"
    desk.pane.send()
    await asyncio.sleep(0)
    assert desk.workspace.outbox == {}
    desk.type("x")
    assert composer.send.isEnabled()
    assert desk.actions.reason("reply.send") == ""


async def test_a_sent_reply_is_in_the_outbox_before_the_editor_is_empty(desk: Desk) -> None:
    await desk.open()
    desk.type("Done.")
    await desk.send()
    assert desk.entry().command == Reply(text="Done.")
    assert desk.entry().seen == RemoteId("1-9")
    assert desk.text == ""
    assert MAYA not in desk.workspace.saved


async def test_a_reply_that_could_not_be_put_into_the_outbox_stays(desk: Desk) -> None:
    await desk.open()
    desk.type("Done.")
    desk.workspace.fail_next("send", StoreError("The disk is full.", "Make room."))
    desk.pane.send()
    await until(lambda: not desk.pane.notices.problem.isHidden())
    assert desk.pane.notices.problem.text() == "The disk is full. Make room."
    assert desk.text == "Done."
    assert not desk.pane.composer.editor.isReadOnly()


async def test_send_and_solve_and_send_and_wait_take_the_status_along(desk: Desk) -> None:
    await desk.open()
    desk.type("Done.")
    desk.pane.send_and_solve()
    await until(lambda: desk.workspace.outbox)
    assert desk.entry().command == Reply(text="Done.", status=Status.SOLVED)
    await until(lambda: not desk.text)
    desk.type("Which order?")
    desk.pane.composer.send_asked.emit(Status.PENDING)
    await until(lambda: len(desk.workspace.outbox) == 2)
    assert list(desk.workspace.outbox.values())[1].command == Reply(
        text="Which order?", status=Status.PENDING
    )


async def test_a_note_goes_out_as_a_note(desk: Desk) -> None:
    await desk.open()
    desk.pane.note()
    assert desk.pane.composer.property("surface") == "note"
    assert desk.pane.composer.send.text() == "Add note"
    desk.type("For us only")
    await desk.send()
    assert desk.entry().command == Note(text="For us only")
    assert not desk.pane.composer.is_note


async def test_accepted_as_it_was(desk: Desk) -> None:
    await desk.open()
    draft, suggestion = desk.draft()
    desk.pane.insert_draft(draft, suggestion)
    await desk.send()
    assert desk.workspace.verdicts[suggestion] is DecisionKind.ACCEPTED


async def test_an_edited_draft_is_told_apart(desk: Desk) -> None:
    await desk.open()
    draft, suggestion = desk.draft()
    desk.pane.insert_draft(draft, suggestion)
    assert desk.pane.composer.count.text() == "6 sentences, 3 with sources, 1 without a source"
    desk.type(" PS: thank you.")
    await desk.send()
    assert desk.workspace.verdicts[suggestion] is DecisionKind.EDITED


async def test_ctrl_z_takes_a_draft_out_again(desk: Desk) -> None:
    await desk.open()
    desk.type("Hi")
    desk.pane.insert_draft(*desk.draft())
    assert desk.text.startswith("Hi\n\nHi Maya,")
    desk.pane.composer.editor.undo()
    assert desk.text == "Hi"


async def test_a_draft_inserted_twice_stands_there_once(desk: Desk) -> None:
    await desk.open()
    draft, suggestion = desk.draft()
    desk.pane.insert_draft(draft, suggestion)
    desk.pane.insert_draft(draft, suggestion)
    assert desk.text == draft.text


async def test_a_draft_does_not_turn_a_note_into_a_reply(desk: Desk) -> None:
    await desk.open()
    desk.pane.note()
    desk.type("She is difficult")
    desk.pane.insert_draft(*desk.draft())
    assert desk.text == "She is difficult"
    assert desk.pane.composer.is_note
    desk.pane.notices.answer.click()
    assert desk.text == desk.draft()[0].text
    assert not desk.pane.composer.is_note


async def test_an_edited_sentence_loses_its_mark_and_undo_brings_it_back(desk: Desk) -> None:
    await desk.open()
    desk.pane.insert_draft(*desk.draft())
    editor = desk.pane.composer.editor
    everything = len(editor.marks)
    cursor = editor.textCursor()
    cursor.setPosition(desk.text.index("sorry"))
    editor.setTextCursor(cursor)
    editor.insertPlainText("very ")
    assert len(editor.marks) == everything - 1
    assert desk.pane.composer.count.text().endswith("1 yours")
    editor.undo()
    assert len(editor.marks) == everything


async def test_pointing_at_a_sentence_lights_its_source_in_the_thread(desk: Desk) -> None:
    await desk.open()
    draft, suggestion = desk.draft()
    desk.pane.insert_draft(draft, suggestion)
    cited: list[object] = []
    desk.pane.cited.connect(cited.append)
    editor = desk.pane.composer.editor
    editor.sentence_pointed.emit(1)
    assert cited == [draft.sentences[1].citations[0]]
    assert desk.pane.messages.rows.reading.lit is not None
    editor.sentence_pointed.emit(-1)
    assert cited[-1] is None
    assert desk.pane.messages.rows.reading.lit is None


async def test_undo_of_a_reply_brings_text_draft_and_files_back(desk: Desk) -> None:
    await desk.open()
    draft, suggestion = desk.draft()
    desk.pane.insert_draft(draft, suggestion)
    desk.pane.composer.files.add(Upload(name="label.pdf", media_type="application/pdf", content=b"x"))
    await desk.send()
    await until(desk.outgoing)
    assert desk.outgoing()[0].state_words().startswith("Goes out in 1")
    desk.outgoing()[0].buttons()[0].click()
    await until(lambda: desk.text)
    assert desk.text == draft.text
    assert len(desk.pane.composer.editor.marks) == len(draft.sentences)
    assert [upload.name for upload in desk.pane.composer.files.uploads()] == ["label.pdf"]
    await until(lambda: not desk.outgoing())


async def test_undo_keeps_what_was_typed_meanwhile(desk: Desk) -> None:
    await desk.open()
    desk.type("First.")
    batch = await desk.send()
    desk.type("Second.")
    undone = await desk.workspace.undo(batch)
    assert undone is not None
    desk.pane.bring_back(undone)
    assert desk.text == "First.\n\nSecond."
    await desk.pane.settled()
    assert desk.workspace.saved[MAYA].text == "First.\n\nSecond."


async def test_undo_of_a_reply_does_not_mix_with_a_note(desk: Desk) -> None:
    await desk.open()
    desk.type("First.")
    batch = await desk.send()
    desk.pane.note()
    desk.type("For us")
    undone = await desk.workspace.undo(batch)
    assert undone is not None
    desk.pane.bring_back(undone)
    assert desk.text == "For us"
    assert "reply you took back is kept" in desk.pane.notices.question.text()
    desk.pane.notices.answer.click()
    assert desk.text == "First."
    assert not desk.pane.composer.is_note


async def test_a_blocked_reply_shows_both_versions_and_three_ways_on(desk: Desk) -> None:
    await desk.open()
    desk.type("My version")
    batch = await desk.send()
    newer = desk.says("Their version")
    desk.workspace.block(batch, (newer,))
    await until(lambda: desk.outgoing() and desk.outgoing()[0].state_words().startswith("Not sent"))
    bubble = desk.outgoing()[0]
    assert bubble.state_words() == "Not sent: Maya Stone replied meanwhile"
    texts = [browser.toPlainText() for browser in bubble._browsers]
    assert texts == ["Their version", "My version"]
    assert [button.text() for button in bubble.buttons()] == ["Send anyway", "Edit", "Discard"]
    bubble.buttons()[1].click()
    await until(lambda: desk.text == "My version")


async def test_send_anyway(desk: Desk) -> None:
    await desk.open()
    desk.type("x")
    batch = await desk.send()
    desk.workspace.block(batch, (desk.says("y"),))
    await until(lambda: desk.outgoing() and len(desk.outgoing()[0].buttons()) == 3)
    desk.outgoing()[0].buttons()[0].click()
    await until(lambda: desk.entry().state is OutboxState.WAITING)
    await until(lambda: desk.outgoing() and desk.outgoing()[0].state_words() == "Waiting for the connection")


async def test_a_discarded_reply_can_be_had_back(desk: Desk) -> None:
    await desk.open()
    desk.type("Lost?")
    batch = await desk.send()
    desk.workspace.fail(batch, "The desk refused it")
    await until(lambda: desk.outgoing() and desk.outgoing()[0].state_words() == "Failed: The desk refused it")
    desk.outgoing()[0].buttons()[2].click()
    await until(lambda: not desk.pane.notices.question.isHidden())
    await desk.pane.settled()
    assert desk.text == ""
    assert MAYA not in desk.workspace.saved
    desk.pane.notices.answer.click()
    assert desk.text == "Lost?"


async def test_too_late_is_said_where_it_belongs(desk: Desk) -> None:
    await desk.open()
    desk.type("x")
    await desk.send()
    await until(desk.outgoing)
    desk.workspace.fail_next(
        "undo", UnavailableError("This has already gone to the desk.", "Send a correction.")
    )
    desk.outgoing()[0].buttons()[0].click()
    await until(lambda: "already gone" in desk.pane.notices.problem.text())


async def test_dropped_files_go_with_the_reply(desk: Desk, tmp_path: Path) -> None:
    await desk.open()
    path = tmp_path / "label.txt"
    path.write_bytes(b"return label")
    desk.pane.composer.editor.files_dropped.emit((path,))
    await until(desk.pane.composer.files.uploads)
    assert not desk.pane.composer.is_empty
    desk.type("Here it is")
    await desk.send()
    command = desk.entry().command
    assert isinstance(command, Reply)
    assert command.attachments == (
        Upload(name="label.txt", media_type="text/plain", content=b"return label"),
    )
    assert desk.pane.composer.files.uploads() == ()


async def test_files_stay_with_their_ticket(desk: Desk) -> None:
    await desk.open()
    desk.pane.composer.files.add(Upload(name="a.txt", media_type="text/plain", content=b"a"))
    await desk.open(OMAR)
    assert desk.pane.composer.files.uploads() == ()
    await desk.open(MAYA)
    assert [upload.name for upload in desk.pane.composer.files.uploads()] == ["a.txt"]


async def test_a_pasted_picture_becomes_a_file(desk: Desk) -> None:
    await desk.open()
    data = QMimeData()
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(0)
    data.setImageData(image)
    desk.pane.composer.editor.insertFromMimeData(data)
    upload = desk.pane.composer.files.uploads()[0]
    assert upload.media_type == "image/png"
    assert upload.content.startswith(b"\x89PNG")


async def test_pasted_html_is_only_its_text(desk: Desk) -> None:
    await desk.open()
    data = QMimeData()
    data.setHtml("<b>bold</b>")
    data.setText("bold")
    desk.pane.composer.editor.insertFromMimeData(data)
    assert "<b" not in desk.pane.composer.editor.toHtml().split("<body")[1]
    assert desk.text == "bold"


async def test_too_large_a_file_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    await desk.open()
    path = tmp_path / "huge.bin"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    desk.pane.composer.editor.files_dropped.emit((path,))
    await until(lambda: "larger than 25 MB" in desk.pane.notices.problem.text())


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="could not be read"):
        read_upload(tmp_path)


async def test_local_files_in_a_drop_are_recognised(desk: Desk, tmp_path: Path) -> None:
    await desk.open()
    path = tmp_path / "x.txt"
    path.write_text("x")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    desk.pane.composer.editor.insertFromMimeData(data)
    await until(desk.pane.composer.files.uploads)
    assert desk.text == ""


async def test_what_the_desk_cannot_do_is_greyed_out_with_the_reason(desk: Desk) -> None:
    await desk.open()
    composer = desk.pane.composer
    composer.set_capabilities(
        Capabilities(notes=False, attachments=False, reply_limit=5, statuses=frozenset())
    )
    assert not composer.note_segment.isEnabled()
    assert composer.attach.toolTip() == "This desk takes no files"
    desk.type("Hello!!")
    assert composer.why_not() == "2 characters too long for this desk"
    assert not composer.solve.isEnabled()


async def test_the_editor_grows_with_its_text_and_no_further_than_its_share(desk: Desk) -> None:
    await desk.open()
    editor = desk.pane.composer.editor
    before = editor.height()
    desk.pane.composer.put("line\n" * 8)
    grown = editor.height()
    desk.pane.composer.put("line\n" * 200)
    assert before < grown < editor.height() <= desk.pane.height() * 0.4


async def test_my_own_reply_is_no_news(desk: Desk) -> None:
    await desk.open()
    desk.type("Done.")
    batch = await desk.send()
    desk.type("More")
    desk.workspace.release(batch)
    await until(lambda: not desk.outgoing())
    assert desk.pane.notices.news.isHidden()
    assert desk.pane.writing.seen == desk.workspace.cases[MAYA].messages[-1].remote_id
    assert desk.workspace.cases[MAYA].messages[-1].author == ME


async def test_keys_of_the_editor(desk: Desk) -> None:
    await desk.open()
    desk.pane.reply()
    assert desk.pane.composer.property("keyScope") == "editor"
    desk.press(desk.pane.composer.editor, Qt.Key.Key_A)
    assert desk.text == "a"


async def test_a_reply_of_an_earlier_run_can_still_be_taken_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open()
    desk.type("Hello")
    await desk.send()
    await until(desk.outgoing)

    async def knows_nothing(batch: object = None) -> None:
        return None

    monkeypatch.setattr(desk.workspace, "undo", knows_nothing)
    desk.outgoing()[0].buttons()[0].click()
    await until(lambda: desk.text == "Hello")
