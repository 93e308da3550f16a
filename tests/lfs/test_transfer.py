"""Models trained on secondary datasets, as labeling functions."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from data.config import EncoderSettings
from data.download import download
from data.errors import LabelingError
from data.mappings import LabelMapping, support_mappings
from data.schema import ABSTAIN, Schema, Task, against, support_schema
from data.tickets import Ticket
from labeling.apply import apply_lfs
from lfs.shared_encoder import SharedEncoder
from lfs.transfer import chosen_examples, transfer_lfs

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))
TOPIC = Task("topic", ("bags", "rest"), ("bags", "the rest"))
SCHEMA = Schema((TONE, TOPIC))
TO_TONE = LabelMapping("airline_sentiment", "tone", {"positive": "good", "negative": "bad"})
TO_TOPIC = LabelMapping("airline_reasons", "topic", {"Lost Luggage": "bags", "Late Flight": "not bags"})
FEELINGS = {
    "positive": ("thank you", "great crew", "lovely flight", "so happy with you", "best trip"),
    "negative": ("my bag is lost", "two hours late", "where is our luggage", "so late again", "late as ever"),
    "neutral": (
        "do you fly to Rome",
        "which gate is it",
        "when do you open",
        "what is the limit",
        "is it on",
    ),
}
SAMPLE = [f"{text} {name}" for texts in FEELINGS.values() for text in texts for name in ("Ann", "Bob")]


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Batches this small are too small to share: where cores are busy, threads wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def encoder():
    return SharedEncoder(EncoderSettings())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Ninety tweets to airlines by sentiment; the negative ones with their reason."""
    folder = tmp_path_factory.mktemp("datasets") / "airline_sentiment"
    folder.mkdir()
    rows = [
        f"{label},{('Late Flight' if 'late' in text else 'Lost Luggage') if label == 'negative' else ''},"
        f"@air {text} {i} https://t.co/x{i}"
        for i in range(6)
        for label, texts in FEELINGS.items()
        for text in texts
    ]
    (folder / "train.csv").write_text("\n".join(["airline_sentiment,negativereason,text", *rows]))
    return folder.parent


def votes(lfs, texts):
    """Votes [texts, functions] of each task, as a run applies them: in two batches."""
    tickets = [Ticket(str(i), text) for i, text in enumerate(texts)]
    made, faults = apply_lfs(lfs, [tickets[:7], tickets[7:]])
    assert not faults.counts
    return {task: found.values for task, found in made.items()}


def test_sure_and_likely_vote_on_the_surest_tenth_and_the_next_fifth(folder, encoder):
    lfs = transfer_lfs(SCHEMA, encoder, folder, [TO_TONE, TO_TOPIC], SAMPLE)
    assert [(lf.name, lf.task.name, lf.shared) for lf in lfs] == [
        ("airline_sentiment_sure", "tone", False),
        ("airline_sentiment_likely", "tone", False),
        ("airline_reasons_sure", "topic", False),
        ("airline_reasons_likely", "topic", False),
    ]
    found = votes(lfs, SAMPLE)
    for values in found.values():
        sure, likely = (values != ABSTAIN).T
        assert not (sure & likely).any()
        assert 1 <= sure.sum() <= 4 and 4 <= likely.sum() <= 8
    assert set(found["topic"].ravel()) <= {ABSTAIN, 0, against(0)}
    np.testing.assert_array_equal(found["tone"], votes(lfs, SAMPLE)["tone"])
    again = transfer_lfs(SCHEMA, encoder, folder, [TO_TONE], SAMPLE)
    np.testing.assert_array_equal(found["tone"], votes(again, SAMPLE)["tone"])


def test_votes_are_right_on_what_the_dataset_teaches(folder, encoder):
    lfs = transfer_lfs(SCHEMA, encoder, folder, [TO_TONE], SAMPLE)
    values = votes(lfs, SAMPLE)["tone"]
    expected = [0] * 10 + [1] * 10 + [ABSTAIN] * 10
    voted = values.max(axis=1)
    assert np.count_nonzero(voted != ABSTAIN) >= 5
    assert all(vote == label for vote, label in zip(voted, expected) if vote != ABSTAIN)


def test_a_label_that_is_left_out_is_no_answer(folder, encoder):
    """Half of the texts are questions; a model that knew no "neutral" would vote on them."""
    lfs = transfer_lfs(SCHEMA, encoder, folder, [TO_TONE], FEELINGS["neutral"])
    assert (votes(lfs, FEELINGS["neutral"] + FEELINGS["neutral"])["tone"] == ABSTAIN).all()


def test_without_a_sample_or_a_text_they_abstain(folder, encoder):
    lfs = transfer_lfs(SCHEMA, encoder, folder, [TO_TONE], [])
    assert (votes(lfs, SAMPLE)["tone"] == ABSTAIN).all()
    lfs = transfer_lfs(SCHEMA, encoder, folder, [TO_TONE], ["", *SAMPLE])
    assert (votes(lfs, [""] * 9)["tone"] == ABSTAIN).all()
    assert lfs[0].vote_many([]).tolist() == []


def test_a_mapping_for_sure_votes_only_has_one_function(folder, encoder):
    only = LabelMapping("airline_sentiment", "tone", TO_TONE.answers, ("sure",))
    assert [lf.name for lf in transfer_lfs(SCHEMA, encoder, folder, [only], SAMPLE)] == [
        "airline_sentiment_sure"
    ]


def test_tables_that_were_downloaded_make_the_same_functions(folder, encoder, tmp_path):
    download("airline_sentiment", tmp_path, folder)
    own = transfer_lfs(SCHEMA, encoder, folder, [TO_TONE], SAMPLE)
    tables = transfer_lfs(SCHEMA, encoder, tmp_path, [TO_TONE, TO_TOPIC], SAMPLE)
    assert [lf.fingerprint() for lf in own] == [lf.fingerprint() for lf in tables]


def test_a_fingerprint_changes_with_encoder_examples_mapping_sample_and_level(folder, encoder, tmp_path):
    other = LabelMapping("airline_sentiment", "tone", {"positive": "good", "neutral": "bad"})
    (tmp_path / "train.csv").write_text("airline_sentiment,negativereason,text\npositive,,a\nnegative,,b\n")
    shorter = SharedEncoder(EncoderSettings(max_length=32))
    made = [
        transfer_lfs(SCHEMA, encoder, folder, [TO_TONE], SAMPLE),
        transfer_lfs(SCHEMA, shorter, folder, [TO_TONE], SAMPLE),
        transfer_lfs(SCHEMA, encoder, tmp_path, [TO_TONE], SAMPLE),
        transfer_lfs(SCHEMA, encoder, folder, [other], SAMPLE),
        transfer_lfs(SCHEMA, encoder, folder, [TO_TONE], SAMPLE[1:]),
    ]
    prints = [lf.fingerprint() for lfs in made for lf in lfs]
    assert len(set(prints)) == 10
    again = transfer_lfs(SCHEMA, encoder, folder, [TO_TONE], SAMPLE)
    assert [lf.fingerprint() for lf in again] == prints[:2]


def test_a_folder_without_any_of_the_datasets_is_an_error(encoder, tmp_path):
    with pytest.raises(
        LabelingError,
        match=r"holds none of the datasets airline_sentiment, airline_reasons; get one with `ticketloom data",
    ):
        transfer_lfs(SCHEMA, encoder, tmp_path, [TO_TONE, TO_TOPIC, TO_TONE], SAMPLE)
    assert transfer_lfs(SCHEMA, encoder, tmp_path, [], SAMPLE) == []


def test_examples_of_one_answer_are_an_error(encoder, tmp_path):
    (tmp_path / "train.csv").write_text("airline_sentiment,negativereason,text\npositive,,a\npositive,,b\n")
    with pytest.raises(
        LabelingError,
        match=r"'airline_sentiment' teaches nothing about task 'tone': .* labels are positive, mapped",
    ):
        transfer_lfs(SCHEMA, encoder, tmp_path, [TO_TONE], SAMPLE)


def test_examples_are_chosen_evenly_by_label_and_the_same_in_any_order(tmp_path):
    rows = [
        f"{label},,{label} {i} &amp; more"
        for label, n in (("positive", 5), ("negative", 60))
        for i in range(n)
    ]
    chosen = []
    for name, lines in (("a", rows), ("b", [*rows[::-1], rows[3]])):
        (tmp_path / name).mkdir()
        text = "\n".join(["airline_sentiment,negativereason,text", *lines])
        (tmp_path / name / "train.csv").write_text(text)
        chosen.append(chosen_examples("airline_sentiment", tmp_path / name, most=20))
    assert chosen[0] == chosen[1]
    assert sorted(chosen[0].labels) == ["negative"] * 15 + ["positive"] * 5
    assert all("& more" in text for text in chosen[0].texts)


def test_a_batch_is_encoded_once_for_all_functions(folder, monkeypatch):
    encoder, asked = SharedEncoder(EncoderSettings()), []
    encode = encoder._encode
    monkeypatch.setattr(encoder, "_encode", lambda texts: asked.append(len(texts)) or encode(texts))
    votes(transfer_lfs(SCHEMA, encoder, folder, [TO_TONE, TO_TOPIC], SAMPLE), SAMPLE)
    # The batches of 7 and 23, the examples of both datasets, and the sample.
    assert sorted(asked) == [7, 23, 30, 30, 90]


def test_making_the_functions_loads_no_torch(folder):
    code = f"""
import sys
from pathlib import Path
from data.config import EncoderSettings
from data.mappings import LabelMapping
from data.schema import Schema, Task
from lfs.shared_encoder import SharedEncoder
from lfs.transfer import transfer_lfs
schema = Schema((Task("tone", ("good", "bad"), ("a", "b")),))
mapping = LabelMapping("airline_sentiment", "tone", {{"positive": "good"}})
lfs = transfer_lfs(schema, SharedEncoder(EncoderSettings()), Path({str(folder)!r}), [mapping], ["a"])
print(len(lfs), lfs[0].fingerprint() != "", "torch" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout == "2 True False\n", done.stderr


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared datasets are not at {SHARED}")
def test_every_shipped_mapping_finds_its_dataset_in_the_shared_folder(encoder):
    mappings = support_mappings()
    lfs = transfer_lfs(support_schema(), encoder, SHARED, mappings, [])
    assert len(lfs) == sum(len(mapping.levels) for mapping in mappings)
    assert len({(lf.name, lf.task.name) for lf in lfs}) == len(lfs)
