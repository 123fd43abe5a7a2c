"""Approved changes land as one line of one file, and only when the checks have nothing to say."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from channels.teaching.errors import ChangeRefused
from channels.teaching.files import Change, DataFiles


@pytest.fixture
def files(root: Path) -> DataFiles:
    return DataFiles(root, root / "var" / "lock")


def contents(root: Path) -> dict[str, str]:
    """Return every data file."""
    folders = (root / "knowledge", root / "nlu_data")
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf8")
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_name_lands_in_the_file_of_its_procedure(root: Path, files: DataFiles) -> None:
    """And nowhere else; taking it back leaves no trace."""
    before = contents(root)
    change = Change(True, "1.000001", "làm thẻ coi sách")
    path = files.add(change)
    after = contents(root)

    assert path.as_posix() == "knowledge/catalogue/thu_vien/1.000001-cap-the-doc-sach.yml"
    assert {name for name in after if after[name] != before[name]} == {path.as_posix()} and set(after) == set(before)
    assert after[path.as_posix()].replace("- làm thẻ coi sách\n", "") == before[path.as_posix()]
    assert files.remove(change) == path and contents(root) == before


def test_an_example_lands_in_the_topic_of_its_intent(root: Path, files: DataFiles) -> None:
    """Found by the intent, whatever the file is called."""
    before = contents(root)
    change = Change(False, "handover", "nối máy cho người thật")
    path = files.add(change)

    assert path.as_posix() == "nlu_data/small_talk.yml"
    assert (root / path).read_text(encoding="utf8").endswith("      - cho gặp cán bộ\n      - nối máy cho người thật\n")
    files.remove(change)
    assert contents(root) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change(True, "1.000001", "Làm thẻ mượn sách"), "ghi hai lần"),
        (Change(True, "1.000001", "cấp thẻ đọc sách"), "chép lại tên thủ tục"),
        (Change(True, "1.000001", "nuôi ong lấy mật"), "đã là cách gọi của"),
        (Change(True, "1.000001", "thẻ " * 40), "nhiều nhất 120"),
        (Change(True, "9.999999", "thẻ"), "Không có thủ tục"),
        (Change(False, "fly", "bay"), "không có trong nlu_data"),
        (Change(False, "greet", "Xin chào!"), "đã có trong nhóm này"),
        (Change(False, "greet", "mai trời có mưa không"), "out_of_scope"),
        (Change(False, "greet", "chào [bạn](ten)"), "ký tự"),
    ],
)
def test_what_the_checks_refuse_is_not_written(root: Path, files: DataFiles, change: Change, said: str) -> None:
    """The same checks as `python -m knowledge check`, told in their words."""
    before = contents(root)

    with pytest.raises(ChangeRefused, match=said):
        files.add(change)
    assert contents(root) == before


def test_old_faults_of_other_files_do_not_stand_in_the_way(root: Path, files: DataFiles) -> None:
    """The made-up catalogue has plenty: hardly any procedure has four names."""
    files.add(Change(True, "1.000005", "xin nuôi ong ở rẫy"))


def test_a_disk_that_cannot_be_written_is_told(root: Path, files: DataFiles) -> None:
    """Containers often keep the program read-only."""
    folder = root / "nlu_data"
    folder.chmod(0o500)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("this user may write anywhere")
        with pytest.raises(ChangeRefused, match="không cho ghi"):
            files.add(Change(False, "greet", "alo"))
    finally:
        folder.chmod(0o700)


def test_writers_wait_for_each_other(root: Path) -> None:
    """Several workers of the app on one folder: no line is lost."""
    changes = [Change(False, "greet", f"chào lần thứ {word}") for word in ("một", "hai", "ba", "tư", "năm", "sáu")]
    writers = [
        threading.Thread(target=DataFiles(root, root / "var" / "lock").add, args=(change,)) for change in changes
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    text = (root / "nlu_data" / "small_talk.yml").read_text(encoding="utf8")

    assert all(f"      - {change.words}\n" in text for change in changes)


def test_the_intents_are_those_with_examples(files: DataFiles) -> None:
    """What the list offers must be there."""
    assert files.intents() == {"greet", "handover", "out_of_scope"}
