"""Texts and labels of a public dataset, from either form."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.download import download
from data.errors import IngestError
from data.labeled import has_examples, labeled_examples

FOUND = [("broken", "complaint"), ("hi", "no_complaint")]


@pytest.fixture
def own_files(tmp_path):
    (tmp_path / "own").mkdir()
    rows = "1,broken,1,food\n2, hi ,0,food\n3,,1,food\n4,unlabeled,,food\n5,short row\n"
    (tmp_path / "own" / "train.csv").write_text("tweet_id,text,complaint,domain\n" + rows)
    return tmp_path / "own"


def test_the_datasets_own_files_give_what_has_text_and_label(own_files):
    assert has_examples("complaints", own_files)
    assert list(labeled_examples("complaints", own_files)) == FOUND


@pytest.mark.parametrize("below", [".", "complaints"])
def test_a_table_that_was_downloaded_gives_the_same(own_files, tmp_path, below):
    download("complaints", tmp_path / "tables" / below, own_files)
    assert has_examples("complaints", tmp_path / "tables")
    assert list(labeled_examples("complaints", tmp_path / "tables")) == FOUND


def test_a_folder_without_the_dataset_has_no_examples(tmp_path):
    assert not has_examples("complaints", tmp_path)
    assert not has_examples("complaints", tmp_path / "none")
    with pytest.raises(IngestError, match=r"the files of complaints are not here; looked for train.csv"):
        list(labeled_examples("complaints", tmp_path))


def test_a_table_without_its_columns_says_how_it_is_written_again(tmp_path):
    pq.write_table(pa.table({"text": ["a"], "label": ["b"]}), tmp_path / "complaints.parquet")
    with pytest.raises(
        IngestError, match=r"no column complaint; it has text, label; .*data download complaints"
    ):
        list(labeled_examples("complaints", tmp_path))


def test_what_has_no_labels_teaches_nothing(tmp_path):
    with pytest.raises(IngestError, match="ubuntu: has no labels"):
        list(labeled_examples("ubuntu", tmp_path))
    with pytest.raises(IngestError, match="did you mean 'banking77'"):
        list(labeled_examples("banking7", tmp_path))
