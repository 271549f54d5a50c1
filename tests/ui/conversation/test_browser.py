"""What a customer wrote can be read, selected and copied; it loads nothing, whatever it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from ui.conversation.browser import SafeBrowser
from ui.conversation.links import LinkStrip

RED = QColor("#ff0000")


@pytest.fixture
def browser(qapp: QApplication) -> Iterator[SafeBrowser]:
    made = SafeBrowser()
    made.resize(300, 200)
    made.show()
    yield made
    made.hide()
    made.deleteLater()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "red.png"
    image = QImage(120, 120, QImage.Format.Format_RGB32)
    image.fill(RED)
    assert image.save(str(path))
    return path


def red_pixels(browser: SafeBrowser) -> int:
    image = browser.grab().toImage()
    return sum(
        image.pixelColor(x, y) == RED for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
    )


@pytest.mark.parametrize("source", ["file://{}", "{}", "file:{}"])
def test_a_picture_on_this_computer_is_not_shown(browser: SafeBrowser, picture: Path, source: str) -> None:
    browser.show_html(f'<p>Look:</p><img src="{source.format(picture)}" width="120" height="120">')
    assert "Look" in browser.toPlainText()
    assert red_pixels(browser) == 0


def test_a_browser_without_our_guard_would_have_shown_it(qapp: QApplication, picture: Path) -> None:
    from PySide6.QtWidgets import QTextBrowser

    naive = QTextBrowser()
    naive.resize(300, 200)
    naive.setHtml(f'<img src="file://{picture}" width="120" height="120">')
    image = naive.grab().toImage()
    assert any(image.pixelColor(x, 40) == RED for x in range(image.width()))
    naive.deleteLater()


def test_a_style_sheet_and_a_background_on_this_computer_are_not_read(
    browser: SafeBrowser, picture: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "x.css"
    sheet.write_text("p { color: #ff0000 }")
    browser.show_html(
        f'<link rel="stylesheet" href="file://{sheet}"><table background="file://{picture}"><tr><td>'
        f"<p>text text text text</p></td></tr></table>"
    )
    assert red_pixels(browser) == 0


@pytest.mark.parametrize(
    "address",
    ["file:///etc/hostname", "javascript:alert(1)", "data:text/html,x", "qrc:/x", "smb://host/x", "x.html"],
)
def test_only_safe_links_are_asked_about(browser: SafeBrowser, address: str) -> None:
    asked: list[str] = []
    browser.link_asked.connect(asked.append)
    browser.show_html("<p>still here</p>")
    browser.anchorClicked.emit(QUrl(address))
    assert asked == []
    assert browser.toPlainText() == "still here"


@pytest.mark.parametrize("address", ["https://help.example/x", "http://help.example", "mailto:a@b.example"])
def test_safe_links_are_asked_about_and_not_followed(browser: SafeBrowser, address: str) -> None:
    asked: list[str] = []
    browser.link_asked.connect(asked.append)
    browser.show_html("<p>still here</p>")
    browser.anchorClicked.emit(QUrl(address))
    assert asked == [address]
    assert browser.toPlainText() == "still here"


def test_a_host_in_look_alike_letters_shows_what_it_is(browser: SafeBrowser) -> None:
    asked: list[str] = []
    browser.link_asked.connect(asked.append)
    browser.anchorClicked.emit(QUrl("https://аpple.example/"))  # a Cyrillic а
    strip = LinkStrip()
    strip.ask(asked[0])
    assert "xn--" in strip.address()
    assert "xn--" in strip._host.text()
    strip.hide()
    strip.deleteLater()


def test_plain_text_is_never_read_as_html(browser: SafeBrowser) -> None:
    browser.show_text("<b>not bold</b> & <img src=x>")
    assert browser.toPlainText() == "<b>not bold</b> & <img src=x>"


def test_a_long_unbroken_line_wraps(browser: SafeBrowser) -> None:
    browser.show_html(f"<pre>{'x' * 4000}</pre>")
    assert browser.natural_width(280) <= 280
    assert browser.height_for(280) > 200
