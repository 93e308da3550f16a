"""Files of tweets as one table of tickets; what cannot be used is set aside with its reason."""

import json
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import ticket_files
from data.errors import IngestError
from data.ingest import IngestOptions
from data.ticket_files import files_in, is_ticket_table, write_ticket_table
from data.tickets import TICKET_TABLE, open_tickets
from tests.conftest import SAMPLE


class Out:
    """The table and the quarantine of one call, in a folder that is made for them."""

    def __init__(self, folder):
        self.folder = folder
        self.table, self.aside = folder / "out" / "tickets.parquet", folder / "out" / "aside.jsonl"

    def write(self, *paths, progress=lambda count: None, **options):
        return write_ticket_table(paths, self.table, self.aside, IngestOptions(**options), progress)

    def file(self, name, content):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        if isinstance(content, pa.Table):
            pq.write_table(content, path)
        else:
            path.write_text(content, "utf-8")
        return path

    @property
    def tickets(self):
        return pq.read_table(self.table).to_pylist()

    def column(self, name):
        return [ticket[name] for ticket in self.tickets]

    @property
    def set_aside(self):
        rows = [json.loads(line) for line in self.aside.read_text("utf-8").splitlines()]
        return [(Path(row["file"]).name, row["line"], row["reason"]) for row in rows]


@pytest.fixture
def out(tmp_path):
    return Out(tmp_path)


def test_files_of_all_kinds_and_folders_become_one_table_in_their_order(out):
    named = [
        out.file("a.csv", "id,text\n1,one\n2,two\n"),
        out.file("b.jsonl", '{"tweet_id": 3, "tweet": "three"}\n'),
        out.file("c.parquet", pa.table({"id": [4], "message": ["four"]})),
        out.file("d.tsv", "id\ttext\n5\tfive\n"),
    ]
    out.file("folder/b.parquet", pa.table({"text": ["seven", "eight"]}))
    out.file("folder/a.parquet", pa.table({"text": ["six"]}))
    out.file("folder/notes.txt", "no tickets")
    said = out.write(*files_in([*named, out.folder / "folder"]))
    assert out.column("text") == ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    assert out.column("ticket_id") == ["1", "2", "3", "4", "5", "a-1", "b-1", "b-2"]
    assert out.column("source") == ["a", "a", "b", "c", "d", "a", "b", "b"]
    assert said == {"tickets": 8, "set_aside": 0, "reasons": {}}
    assert open_tickets(out.table).metadata.num_rows == 8
    assert is_ticket_table(out.table)


def test_a_ticket_is_cleaned_and_dated_and_what_only_a_pool_can_tell_is_left_out(out):
    text = "@VoltMobile won’t load &amp; crashes https://t.co/x"
    out.write(
        out.file("a.csv", f"id,text,date,reply,thread_id\n7,{text},2017-10-31,sorry&gt; ,\n8,{text},,,c\n")
    )
    first, second = out.tickets
    assert first["text"] == second["text"] == "@VoltMobile won't load & crashes http"
    assert first["raw_text"] == text
    assert (first["brand"], first["brand_reply"]) == ("VoltMobile", "sorry>")
    assert first["created_at"].isoformat() == "2017-10-31T00:00:00+00:00"
    assert (first["conversation_id"], second["conversation_id"]) == ("7", "c")
    assert (second["created_at"], second["brand_reply"]) == (None, None)
    assert {(t["lang"], t["split"], t["duplicate_of"]) for t in out.tickets} == {("und", "train", None)}


def test_rows_that_cannot_be_used_are_set_aside_with_line_and_reason(out):
    said = out.write(
        out.file("a.csv", 'id,text\n1,fine\n2,a,b\n3,\n4,\u200b\n5,"open\n6,good\n'),
        out.file("b.jsonl", '{"text": "well"}\nnope\n{"text": null}\n{"text": 3}\n[]\n'),
    )
    assert out.column("text") == ["fine", "good", "well"]
    assert [(file, line) for file, line, _ in out.set_aside] == [
        *(("a.csv", line) for line in (3, 4, 5, 6)),
        *(("b.jsonl", line) for line in (2, 3, 4, 5)),
    ]
    reasons = [reason for *_, reason in out.set_aside]
    assert reasons[0] == "expected 2 fields, found 3"
    assert reasons[1] == "no text, got ''"
    assert reasons[3] == "a quote is opened and not closed"
    assert reasons[5:7] == ["no text, got None", "no text, got 3"]
    assert said == {
        "tickets": 3,
        "set_aside": 8,
        "reasons": {
            "no text": 4,
            "expected 2 fields": 1,
            "a quote is opened and not closed": 1,
            "not JSON": 1,
            "a JSON object is needed": 1,
        },
    }


def test_the_sample_corpus_has_the_ids_and_texts_that_ingest_gives_it(out, pool):
    said = out.write(SAMPLE)
    summary = pool.ingest_paths([SAMPLE])
    assert said["tickets"] == summary.tickets == 1333
    assert said["set_aside"] == sum(summary.quarantined.values()) == 68
    left_out = ("lang", "split", "duplicate_of")
    for name in set(TICKET_TABLE.names) - set(left_out):
        assert out.column(name) == pool.column(name), name
    assert [place[:2] for place in out.set_aside] == [place[:2] for place in pool.quarantine]


def test_columns_encoding_and_follow_ups_are_taken_from_the_options(out):
    path = out.folder / "a.csv"
    path.write_bytes("id,words\n1,café\n".encode("latin-1"))
    out.write(path, columns={"text": "words"}, encoding="latin-1")
    assert out.column("text") == ["café"]
    openers = out.write(SAMPLE)["tickets"]
    assert out.write(SAMPLE, follow_ups=True)["tickets"] > openers


def test_a_repeated_id_stays(out):
    assert out.write(out.file("a.csv", "id,text\n1,x\n1,y\n"))["tickets"] == 2
    assert out.column("ticket_id") == ["1", "1"]


@pytest.mark.parametrize("content", [pa.table({"id": [1], "words": ["x"]}), "no Parquet at all"])
def test_a_file_without_texts_is_an_error_before_anything_is_written(out, content):
    good, bad = out.file("a.csv", "id,text\n1,x\n"), out.file("bad.parquet", content)
    told = []
    with pytest.raises(
        IngestError, match=r"bad\.parquet: (no column with the text; it has id, words|not a Parquet)"
    ):
        out.write(good, bad, progress=told.append)
    assert told == []
    assert not out.table.parent.exists()


def test_an_error_in_the_middle_leaves_earlier_files_as_they_were(out):
    out.write(out.file("a.csv", "id,text\n1,x\n2\n"))
    before = out.table.read_bytes(), out.aside.read_bytes()
    with pytest.raises(IngestError, match="NUL"):
        out.write(out.file("b.csv", "id,text\n1,y\n2\n3,a\x00b\n"))
    assert (out.table.read_bytes(), out.aside.read_bytes()) == before
    assert sorted(path.name for path in out.table.parent.iterdir()) == ["aside.jsonl", "tickets.parquet"]


def test_files_without_a_row_are_an_empty_table(out):
    assert out.write(out.file("a.csv", "id,text\n")) == {"tickets": 0, "set_aside": 0, "reasons": {}}
    assert out.tickets == []
    assert is_ticket_table(out.table)


def test_tickets_are_written_some_rows_at_a_time_and_progress_is_told(out, monkeypatch):
    monkeypatch.setattr(ticket_files, "ROWS", 2)
    told = []
    out.write(out.file("a.csv", "id,text\n" + "1,x\n" * 5), progress=told.append)
    assert told == [2, 4, 5]
    metadata = pq.ParquetFile(out.table).metadata
    assert [metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)] == [2, 2, 1]


def test_memory_does_not_grow_with_the_file(out, monkeypatch):
    monkeypatch.setattr(ticket_files, "ROWS", 500)

    def peak(rows):
        path = out.file(
            f"{rows}.csv", "id,text\n" + "".join(f"{at},text {at} {'x' * 100}\n" for at in range(rows))
        )
        tracemalloc.start()
        out.write(path)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)
    assert peak(16_000) < 1.3 * peak(4_000)


def test_the_files_of_a_folder_come_in_the_order_of_their_names(out):
    for name in ("part-2", "part-1", "part-10"):
        out.file(f"f/{name}.parquet", pa.table({"text": [name]}))
    alone = out.file("z.csv", "id,text\n")
    found = files_in([alone, out.folder / "f"])
    assert [path.name for path in found] == ["z.csv", "part-1.parquet", "part-10.parquet", "part-2.parquet"]


def test_a_folder_without_parquet_is_an_error(out):
    (out.folder / "empty").mkdir()
    with pytest.raises(IngestError, match="empty: no Parquet file in this folder"):
        files_in([out.folder / "empty"])
    with pytest.raises(IngestError, match="none: no such file"):
        out.write(*files_in([out.folder / "none"]))


def test_a_table_of_tickets_is_told_by_its_columns_and_the_size_of_its_row_groups(out, monkeypatch):
    rows = pa.Table.from_pylist(
        [dict.fromkeys(TICKET_TABLE.names) | {"ticket_id": str(at), "text": "x"} for at in range(4)],
        pa.schema([field.with_nullable(True) for field in TICKET_TABLE]),
    )
    assert is_ticket_table(out.file("good.parquet", rows))
    assert is_ticket_table(out.file("GOOD.PARQUET", rows))
    assert not is_ticket_table(out.file("less.parquet", rows.drop_columns(["text"])))
    assert not is_ticket_table(out.file("more.parquet", rows.append_column("more", rows["text"])))
    assert not is_ticket_table(out.file("torn.parquet", "PAR1"))
    assert not is_ticket_table(out.file("a.csv", "id,text\n"))
    assert not is_ticket_table(out.folder / "none.parquet")
    assert not is_ticket_table(out.folder)
    monkeypatch.setattr(ticket_files, "MOST_ROWS_OF_A_GROUP", 3)
    assert not is_ticket_table(out.folder / "good.parquet")


def test_a_table_whose_columns_hold_something_else_is_no_table_of_tickets(out):
    rows = pa.table({name: pa.array([7]) for name in TICKET_TABLE.names})
    assert not is_ticket_table(out.file("numbers.parquet", rows))
