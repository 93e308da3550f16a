"""Zero-shot seeds: SetFit, trained on nothing but label descriptions."""

import pytest
import torch

from data.config import ZERO_SHOT, EncoderSettings, SeedSettings
from data.schema import Schema, Task
from data.tickets import Ticket
from labeling.apply import apply_lfs
from lfs.seeds import seed_lfs
from lfs.zero_shot import TEMPLATES, ZeroShotSeeds, clauses, templated_dataset

TONE = Task("tone", ("good", "bad"), ("pleased, grateful", "angry or disappointed"))
ONE = Schema((TONE,))
TEXTS = ("I am so grateful, thank you", "I am angry and disappointed")


def test_the_templated_dataset_covers_every_label_of_every_task(support, schema_77, small_schema):
    for schema in (support, schema_77, small_schema):
        for task in schema:
            dataset = templated_dataset(task)
            assert set(dataset["label"]) == set(range(len(task.labels)))
            assert all(text.strip() for text in dataset["text"])


def test_every_clause_of_a_description_goes_through_every_template():
    dataset = templated_dataset(TONE)
    sentences = set(zip(dataset["text"], dataset["label"]))
    for clause, label in [("pleased, grateful", 0), ("pleased", 0), ("grateful", 0), ("disappointed", 1)]:
        assert {(template.format(clause), label) for template in TEMPLATES} <= sentences


@pytest.mark.parametrize(
    "description, parts",
    [
        ("a refund, a credit or a voucher", ["a refund", "a credit", "a voucher"]),
        ("order", ["order"]),
        (", ;", []),
    ],
)
def test_clauses_are_cut_at_commas_and_at_the_word_or(description, parts):
    assert clauses(description) == parts


@pytest.fixture
def one_thread():
    """Batches of four are too small to share: where cores are busy, threads wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def seeds(schema, sample=TEXTS, encoder=None, **settings):
    chosen = SeedSettings(**{"steps": 2, "batch_size": 4, "share": 1.0} | settings)
    return seed_lfs(schema, encoder or EncoderSettings(), chosen, sample)


def test_a_seed_trains_votes_on_the_surest_share_of_its_sample_and_does_so_the_same_twice(one_thread):
    texts = [f"{word} number {i}" for i in range(5) for word in ("grateful", "angry", "flight", "😡")]
    tickets = [Ticket(str(i), text) for i, text in enumerate([*texts, ""])]

    def votes():
        made, faults = apply_lfs(seeds(ONE, texts, share=0.5), [tickets[:7], tickets[7:]])
        assert not faults.counts
        assert made["tone"].lf_names == (ZERO_SHOT,)
        return made["tone"].values.ravel().tolist()

    first = votes()
    assert set(first) == {-1, 0, 1}
    assert 10 <= sum(vote >= 0 for vote in first[:-1]) <= 12
    assert votes() == first


def test_a_label_that_wins_by_its_wording_alone_is_levelled_on_the_sample(one_thread):
    wordy = Task("tone", ("flight", "bad"), ("a flight, a plane, an airport", "angry"))
    texts = [f"my {word} at the airport" for word in ("flight", "plane", "bag", "seat", "angry wait", "rage")]
    settings = SeedSettings(steps=2, batch_size=4)
    leaning, levelled = (
        ZeroShotSeeds(Schema((wordy,)), EncoderSettings(), settings, sample).predict_proba(wordy, texts)
        for sample in ((), texts)
    )
    assert (leaning.argmax(axis=1) == 0).all()
    assert set(levelled.argmax(axis=1)) == {0, 1} and levelled.argmax(axis=1)[-1] == 1
    assert abs(levelled.mean(axis=0) - 0.5).max() < abs(leaning.mean(axis=0) - 0.5).max()
    assert levelled.sum(axis=1) == pytest.approx(1)


def test_the_fingerprint_of_a_seed_changes_with_schema_encoder_settings_and_sample():
    other = Schema((Task("tone", TONE.labels, ("pleased", "angry")),))
    changed = [
        seeds(ONE), seeds(other), seeds(ONE, encoder=EncoderSettings(max_length=32)), seeds(ONE, steps=3),
        seeds(ONE, sample=TEXTS[1:]),
    ]  # fmt: skip
    prints = [lf.fingerprint() for (lf,) in changed]
    assert len(set(prints)) == 5
    assert seeds(ONE)[0].fingerprint() == prints[0]
