"""Files of tweets become a pool; what cannot be used is set aside with its reason."""

import csv
import json
from importlib import resources
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import IngestError
from data.ingest import ingest
from data.tickets import TICKET_TABLE, first_copies, read_columns
from data.twcs import COLUMNS

SAMPLE = Path(str(resources.files("data"))) / "sample" / "twcs.csv"
LONG = "my internet has been down since early this morning and nobody at the call centre picks up"


def test_a_ticket_is_cleaned_dated_and_placed(pool):
    pool.ingest(
        {"a.csv": "id,text,date,reply\n7,@VoltMobile won’t load &amp; crashes,2017-10-31,sorry&gt; \n"}
    )
    [ticket] = pool.tickets
    assert ticket["text"] == "@VoltMobile won't load & crashes"
    assert ticket["raw_text"] == "@VoltMobile won’t load &amp; crashes"
    assert (ticket["brand"], ticket["brand_reply"], ticket["lang"]) == ("VoltMobile", "sorry>", "en")
    assert ticket["created_at"].isoformat() == "2017-10-31T00:00:00+00:00"
    assert (ticket["ticket_id"], ticket["conversation_id"], ticket["source"]) == ("7", "7", "a")
    assert ticket["split"] in ("train", "validation", "test")
    assert pq.read_schema(pool.tickets_path).names == TICKET_TABLE.names


def test_bad_rows_are_set_aside_with_their_lines_and_reasons(pool):
    summary = pool.ingest(
        {
            "a.csv": 'id,text\n1,"two\nlines"\n2,a,b\n3,\n4,"open\n5,\u200b \u202e\n6,fine\n',
            "b.jsonl": '{"id": 1, "text": "again"}\n{"id": 8}\n{"id": 9, "text": 3}\n'
            'nope\n{"id": 7, "text": "good"}\n',
        }
    )
    assert pool.column("ticket_id") == ["1", "6", "7"]
    assert sorted(pool.quarantine) == [
        ("a.csv", 4, "expected 2 fields, found 3"),
        ("a.csv", 5, "no text is left after cleaning"),
        ("a.csv", 6, "a quote is opened and not closed"),
        ("a.csv", 7, "no text is left after cleaning"),
        ("b.jsonl", 1, "ticket_id was seen before: 1"),
        ("b.jsonl", 2, "text is missing, got None"),
        ("b.jsonl", 3, "text is missing, got 3"),
        ("b.jsonl", 4, "not JSON: Expecting value at character 1"),
    ]
    told = summary.to_dict()
    assert (told["tickets"], told["quarantined"], told["without_time"]) == (3, 8, 4)
    assert told["reasons"]["no text is left after cleaning"] == 2
    assert told["reasons"]["text is missing"] == 2
    assert {Path(name).name: count for name, count in told["files"].items()} == {"a.csv": 2, "b.jsonl": 1}


def test_a_ticket_without_an_id_is_named_after_file_and_line(pool):
    pool.ingest({"a.csv": 'text\n"two\nlines"\nhello\n', "b.csv": "id,text\n,hello\nb-9,x\n"})
    assert pool.column("ticket_id") == ["a-2", "a-4", "b-2", "b-9"]


def test_the_first_of_a_repeated_id_across_files_stays(pool):
    pool.ingest({"a.csv": "id,text\n1,first\n2,x\n", "b.csv": "id,text\n2,y\n1,second\n3,z\n"})
    assert pool.column("text") == ["first", "x", "z"]
    assert pool.quarantine == [
        ("b.csv", 2, "ticket_id was seen before: 2"),
        ("b.csv", 3, "ticket_id was seen before: 1"),
    ]


def test_a_file_given_twice_counts_once(pool):
    (pool.folder / "a.csv").write_text("id,text\n1,x\n2,y\n")
    summary = pool.ingest_paths([pool.folder / "a.csv"] * 2)
    assert (summary.tickets, list(summary.files.values()), len(pool.quarantine)) == (2, [2], 2)


def test_duplicates_are_named_across_files_and_stay_in_the_pool(pool):
    summary = pool.ingest(
        {
            "a.csv": f"id,text\n1,{LONG}\n2,other words\n",
            "b.csv": f"id,text\n3,{LONG.upper()} @Volt\n4,Other words!\n",
        }
    )
    assert pool.column("duplicate_of") == [None, None, "1", "2"]
    assert summary.duplicates == 2
    assert first_copies(read_columns(pool.tickets_path, ["ticket_id", "duplicate_of"]))[
        "ticket_id"
    ].to_pylist() == ["1", "2"]


def test_a_row_that_is_set_aside_is_nobodys_first_copy(pool):
    pool.ingest({"a.csv": f"id,text\n1,something else\n1,{LONG}\n2,{LONG}\n3,{LONG}\n"})
    assert pool.column("duplicate_of") == [None, None, "2"]


def test_no_thread_straddles_two_splits(pool):
    threads = [f"{n},message {n} of {n % 40},c{n % 40}" for n in range(400)]
    pool.ingest({"a.csv": "id,text,conversation_id\n" + "\n".join(threads)})
    splits = {}
    for ticket in pool.tickets:
        splits.setdefault(ticket["conversation_id"], set()).add(ticket["split"])
    assert len(splits) == 40
    assert all(len(found) == 1 for found in splits.values())
    assert len(set.union(*splits.values())) > 1


def test_a_rerun_gives_identical_bytes(pool):
    files = {"a.csv": f"id,text\n1,{LONG}\n2,x\n2,y\n3\n", "b.jsonl": '{"text": "hello"}\n'}
    pool.ingest(files)
    before = pool.bytes
    pool.ingest(files)
    assert pool.bytes == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.csv", b"id,text\n1,x\n2,a\x00b\n"),
        ("bad.csv", b"id,text\n1,x\n2,caf\xe9\n"),
        ("bad.csv", b""),
        ("bad.csv", b"id,words\n1,x\n"),
        ("bad.parquet", b"no parquet"),
        ("bad.doc", b"x"),
    ],
)
def test_an_error_leaves_earlier_files_as_they_were_and_nothing_half_written(pool, name, content):
    pool.ingest({"good.csv": "id,text\n1,x\n2\n"})
    before = pool.bytes
    with pytest.raises(IngestError, match=name):
        pool.ingest({"good.csv": "id,text\n9,y\n", name: content})
    assert pool.bytes == before
    assert sorted(path.name for path in pool.tickets_path.parent.iterdir()) == ["q.jsonl", "tickets.parquet"]


def test_every_file_is_checked_before_any_is_read(pool):
    read = []
    (pool.folder / "good.csv").write_text("id,text\n1,x\n")
    with pytest.raises(IngestError, match=r"none.csv: no such file"):
        ingest(
            [pool.folder / "good.csv", pool.folder / "none.csv"],
            pool.tickets_path,
            pool.quarantine_path,
            progress=read.append,
        )
    assert read == []
    assert not pool.tickets_path.parent.exists()


def test_latin_1_files_are_read_when_named(pool):
    pool.ingest({"a.csv": "id,text\n1,café\n".encode("latin-1")}, encoding="latin-1")
    assert pool.column("text") == ["café"]


def test_a_mapping_names_the_columns_even_of_twcs(pool):
    row = "1,100,True,,the text,,\n"
    pool.ingest({"a.csv": ",".join(COLUMNS) + "\n" + row}, columns={"text": "author_id"})
    assert pool.column("text") == ["100"]


def test_threads_of_twcs_keep_answer_and_brand(pool):
    with (pool.folder / "t.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerow(["1", "100", "True", "Tue Oct 31 22:10:47 +0000 2017", "@Volt help", "2", ""])
        writer.writerow(["2", "Volt", "False", "Tue Oct 31 22:11:47 +0000 2017", "@100 dm us", "", "1"])
        writer.writerow(["3", "100", "True", "", "done", "", "2"])
    summary = pool.ingest_paths([pool.folder / "t.csv"], follow_ups=True)
    assert pool.column("brand_reply") == ["@user dm us", None]
    assert pool.column("conversation_id") == ["1", "1"]
    assert pool.column("in_reply_to") == [None, "2"]
    assert summary.without_time == 1


def test_lone_surrogates_and_nanoseconds_can_be_stored(pool):
    line = '{"id": "a\\ud800", "text": "hi \\ud83d there", "reply": "\\udfff ok", "created_at": 1509487847}\n'
    pool.ingest({"a.jsonl": line + '{"id": 2, "text": "\\ud800"}\n'})
    [ticket] = pool.tickets
    assert (ticket["ticket_id"], ticket["text"], ticket["brand_reply"]) == ("a", "hi there", "ok")
    assert pool.quarantine == [("a.jsonl", 2, "no text is left after cleaning")]


def test_a_file_of_bad_rows_alone_makes_an_empty_pool(pool):
    summary = pool.ingest({"a.csv": "id,text\n1\n2\n"})
    assert (summary.tickets, pool.tickets, len(pool.quarantine)) == (0, [], 2)


def test_progress_is_told(pool):
    (pool.folder / "a.csv").write_text("id,text\n" + "".join(f"{i},text {i}\n" for i in range(9000)))
    told = []
    ingest([pool.folder / "a.csv"], pool.tickets_path, pool.quarantine_path, progress=told.append)
    assert told == [8192, 9000]


JSON_VALUE = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=2)
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["id", "text", "brand", "created_at", "reply"]), JSON_VALUE),
        min_size=1,
    )
)
def test_every_row_is_kept_or_set_aside_and_none_stops_the_rest(pool, rows):
    rows = [{"id": None, "text": "a first row"}, *rows]
    summary = pool.ingest({"a.jsonl": "\n".join(json.dumps(row) for row in rows)})
    assert len(pool.tickets) + len(pool.quarantine) == len(rows)
    assert summary.tickets == len(pool.tickets)


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the sample corpus is not part of this checkout")
def test_the_sample_corpus_is_read_as_described(pool):
    summary = pool.ingest_paths([SAMPLE])
    assert summary.tickets == 1333
    assert sum(summary.quarantined.values()) == len(pool.quarantine) == 68
    assert sum(summary.splits.values()) == 1333
    assert len(set(pool.column("ticket_id"))) == 1333
