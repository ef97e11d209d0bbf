"""Files of records: every kind of bad input gets a message with file and line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.integrations.record_file import RecordFile, RecordFileError, open_records

LIMIT = 1_000_000


def _file(folder: Path, data: bytes | str, name: str = "demands.jsonl") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def _rows(path: Path) -> list[tuple[int, dict[str, object]]]:
    return list(open_records(path, most_bytes=LIMIT).rows())


def _refusal(path: Path) -> str:
    with pytest.raises(RecordFileError) as caught:
        _rows(path)
    return str(caught.value)


def test_one_object_a_line_is_read_with_its_line_number(tmp_path: Path) -> None:
    path = _file(tmp_path, '{"id": "1", "title": "防爆电池"}\n\n{"id": "2", "title": "B"}\n')
    assert [number for number, _ in _rows(path)] == [1, 3]


def test_gb18030_is_read_and_named(tmp_path: Path) -> None:
    line = json.dumps({"title": "碳纤维预浸料"}, ensure_ascii=False)
    opened = open_records(_file(tmp_path, line.encode("gb18030")), most_bytes=LIMIT)
    assert opened.encoding == "GB18030"
    assert next(opened.rows())[1] == {"title": "碳纤维预浸料"}


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    assert _rows(_file(tmp_path, b'\xef\xbb\xbf{"title": "A"}'))[0][1] == {"title": "A"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "holds no records"),
        (b"\n \n", "holds no records"),
        (b'[{"title": "A"}]', "one JSON array"),
        (b'{"title": "A"}\n{"title": }\n', "line 2, column 11: not JSON"),
        (b'{"title": "A"\n', "line 1"),
        (b'"only a text"\n', "line 1: a JSON object is expected, not str"),
        (b'{"title": "A", "title": "B"}', "line 1: the field 'title' stands there twice"),
        (b'{"trl": NaN}', "line 1: NaN"),
        (b'{"a":' + b"[" * 100_000, "line 1: nested too deeply"),
        (b'{"trl": ' + b"9" * 5_000 + b"}", "line 1: nested too deeply or a number too long"),
        ('{"title": "A"}'.encode("utf-16"), "is in UTF-16"),
        ('{"title": "纤维"}\n{"title": "'.encode() + b'\xff\xfe"}', "line 2: byte 0xff at offset"),
        (b'{"title": "\x80\xff"}', "neither UTF-8 nor GB18030"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, data: bytes, said: str) -> None:
    message = _refusal(_file(tmp_path, data))
    assert said in message
    assert "demands.jsonl" in message


def test_a_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.jsonl"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    assert "has 104,857,600 bytes; at most 1,000,000 are read" in _refusal(path)


def test_a_missing_file_a_folder_and_a_strange_name_are_refused(tmp_path: Path) -> None:
    assert "cannot be read" in _refusal(tmp_path / "absent.jsonl")
    (tmp_path / "folder.csv").mkdir()
    assert "is not a file" in _refusal(tmp_path / "folder.csv")
    assert "must end in .jsonl or .csv" in _refusal(_file(tmp_path, "x", "records.xlsx"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("id,title\n1,A,B\n", "line 2: 3 cells where the header has 2"),
        ("id,id\n1,2\n", "line 1: every column needs a name"),
        ("id,\n1,2\n", "line 1: every column needs a name"),
        ('id,title\n1,"A\n', "not CSV"),
        ("id,title\n1,A\0\n", "line 2: holds a NUL character"),
        ("id,title\n", "holds no records"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(tmp_path: Path, data: str, said: str) -> None:
    assert said in _refusal(_file(tmp_path, data, "demands.csv"))


def test_line_numbers_of_a_table_count_broken_cells(tmp_path: Path) -> None:
    path = _file(tmp_path, 'id;title\n1;"A\nB"\n\n2;C\n', "d.csv")
    assert [(number, row["title"]) for number, row in _rows(path)] == [(2, "A\nB"), (5, "C")]


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1))
def test_what_is_written_as_csv_is_read_back(rows: list[tuple[str, str]]) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerows([("title", "text"), *rows])
    file = RecordFile("t.csv", "UTF-8", buffer.getvalue(), ".csv")
    assert [tuple(row.values()) for _, row in file.rows()] == rows
