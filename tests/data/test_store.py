"""Files that are whole or absent, and stages that are skipped when nothing changed."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.store import (
    MANIFEST,
    file_hash,
    read_json,
    run_stage,
    value_hash,
    whole_file,
    write_json,
    write_table,
)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_its_name_only_when_it_is_whole(tmp_path):
    path = tmp_path / "new" / "a.txt"
    with whole_file(path) as temporary:
        temporary.write_text("new")
        assert not path.exists()
        assert temporary.parent == path.parent
    assert path.read_text() == "new"
    assert names(path.parent) == ["a.txt"]
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("interruption", [ValueError, KeyboardInterrupt, GeneratorExit])
def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path, interruption):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(interruption), whole_file(path) as temporary:
        temporary.write_text("half")
        raise interruption
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_json_and_tables_come_back(tmp_path):
    write_json(tmp_path / "a.json", {"b": "ü", "a": [1, None]})
    assert read_json(tmp_path / "a.json") == {"b": "ü", "a": [1, None]}
    assert "ü" in (tmp_path / "a.json").read_text("utf-8")
    table = pa.table({"id": ["1"], "n": [2]})
    write_table(tmp_path / "a.parquet", table)
    assert pq.read_table(tmp_path / "a.parquet").equals(table)


def test_hashes_tell_content_and_not_key_order(tmp_path):
    assert value_hash({"a": 1, "b": 2}) == value_hash({"b": 2, "a": 1}) != value_hash({"a": 2, "b": 1})
    (tmp_path / "a").write_bytes(b"")
    assert file_hash(tmp_path / "a") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def builder(log, name="out.txt"):
    def build(folder):
        log.append(name)
        (folder / name).write_text(name)
        return {"rows": len(log)}

    return build


def test_a_stage_is_built_once_and_then_skipped(tmp_path):
    folder, log = tmp_path / "run" / "stage", []
    first = run_stage(folder, {"tickets": "h1"}, builder(log))
    second = run_stage(folder, {"tickets": "h1"}, builder(log))
    assert (first.skipped, first.reason, first.summary) == (False, "not built yet", {"rows": 1})
    assert (second.skipped, second.reason, second.summary) == (
        True,
        "nothing that it reads changed",
        {"rows": 1},
    )
    assert log == ["out.txt"]
    manifest = read_json(folder / MANIFEST)
    assert manifest["reads"] == {"tickets": "h1"}
    assert manifest["files"] == {"out.txt": file_hash(folder / "out.txt")}


def test_a_stage_is_rebuilt_and_says_which_of_its_inputs_changed(tmp_path):
    folder, log = tmp_path / "stage", []
    run_stage(folder, {"a": "1", "b": "1", "c": "1"}, builder(log, "old.txt"))
    result = run_stage(folder, {"a": "1", "b": "2", "d": "1"}, builder(log, "new.txt"))
    assert (result.skipped, result.reason) == (False, "changed: b, c, d")
    assert names(folder) == [MANIFEST, "new.txt"]
    assert names(tmp_path) == ["stage"]


def test_a_crash_while_building_leaves_the_old_folder(tmp_path):
    folder, log = tmp_path / "stage", []
    run_stage(folder, {"a": "1"}, builder(log))

    def crash(temporary):
        (temporary / "half.txt").write_text("half")
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        run_stage(folder, {"a": "2"}, crash)
    assert names(folder) == [MANIFEST, "out.txt"]
    assert run_stage(folder, {"a": "1"}, builder(log)).skipped
    again = run_stage(folder, {"a": "2"}, builder(log))
    assert (again.skipped, again.reason) == (False, "changed: a")
    assert names(folder) == [MANIFEST, "out.txt"]


def test_a_folder_without_a_manifest_is_not_finished(tmp_path):
    folder, log = tmp_path / "stage", []
    folder.mkdir()
    (folder / "half.txt").write_text("half")
    assert run_stage(folder, {"a": "1"}, builder(log)).reason == "not built yet"
    assert names(folder) == [MANIFEST, "out.txt"]
