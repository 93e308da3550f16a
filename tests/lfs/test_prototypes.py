"""Example tweets as labeling functions, the examples that come with the package, and cues."""

import json
from collections import Counter
from importlib import resources
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch

from data.cleaning import clean_text
from data.config import SUPPORT_LFS, EncoderSettings
from data.errors import LabelingError
from data.labels import read_labels
from data.schema import ABSTAIN, Schema, Task
from data.tickets import Ticket
from labeling.apply import apply_lfs
from labeling.load import load_cues, load_lfs
from labeling.pattern import Pattern
from lfs.prototypes import LEVELS, prototype_lfs, shipped_examples
from lfs.shared_encoder import SharedEncoder

TONE = Task("tone", ("good", "bad"), ("pleased", "displeased"))
TOPIC = Task("topic", ("bags", "delay", "rest"), ("bags", "delays", "the rest"))
SCHEMA = Schema((TONE, TOPIC))
SAID = [
    ("thank you for the lovely flight", "good", "rest"),
    ("great crew, so happy with you", "good", "rest"),
    ("the best trip ever, thanks", "good", "rest"),
    ("my bag came first, wonderful", "good", "bags"),
    ("two hours late and nobody cares", "bad", "delay"),
    ("late again, this is awful", "bad", "delay"),
    ("my luggage is lost, terrible", "bad", "bags"),
    ("where is my bag, I am angry", "bad", "bags"),
]
EXAMPLES = [
    {"id": f"e{i}", "text": text, "tone": tone, "topic": topic} for i, (text, tone, topic) in enumerate(SAID)
]
TEXTS = [
    "thanks for a great flight", "happy with the crew", "wonderful trip", "lovely, thank you", "awful delay",
    "so late", "my bag is lost", "terrible luggage service", "angry about my bag",
]  # fmt: skip
CUES = [Pattern(("thank*", "great", "wonderful", "lovely")), Pattern(("late", "delay")), Pattern(("bag",))]
FILES = sorted(Path(str(resources.files("lfs.examples"))).glob("*.jsonl"))
SHARED = Path(__file__).resolve().parents[3] / "shared"
POOL = SHARED / "data" / "pool.parquet"
GOLD = sorted((SHARED / "gold").glob("*.jsonl"))
FEWEST_A_LABEL = 30


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


def written(path, rows, schema=SCHEMA):
    """Examples as they are read from a file."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return read_labels(path, schema)


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    return written(tmp_path_factory.mktemp("examples") / "examples.jsonl", EXAMPLES)


def votes(lfs, texts):
    """Task → votes [texts, functions], as a run applies them."""
    made, faults = apply_lfs(lfs, [[Ticket(str(i), text) for i, text in enumerate(texts)]])
    assert not faults.counts
    return {task: found.values for task, found in made.items()}


def names(lfs):
    return [(lf.bound_task().name, lf.name) for lf in lfs]


def test_each_task_has_a_function_for_each_view_and_level(encoder, examples):
    lfs = prototype_lfs(SCHEMA, [examples], encoder, CUES, TEXTS)
    assert names(lfs) == [
        (task, f"prototypes_{view}_{level}")
        for task in ("tone", "topic")
        for view in ("meaning", "cues", "both")
        for level in LEVELS
    ]
    assert not any(lf.shared for lf in lfs)


def test_without_cues_there_is_the_view_on_meaning_alone(encoder, examples):
    lfs = prototype_lfs(SCHEMA, [examples], encoder, [], TEXTS)
    assert {name for _, name in names(lfs)} == {f"prototypes_meaning_{level}" for level in LEVELS}
    assert (votes(lfs, TEXTS)["tone"] != ABSTAIN).any(axis=1).all()


def test_levels_of_a_view_are_disjoint_and_together_vote_on_all_of_the_sample(encoder, examples):
    found = votes(prototype_lfs(SCHEMA, [examples], encoder, CUES, TEXTS), TEXTS)
    for values in found.values():
        for view in range(3):
            voted = values[:, 3 * view : 3 * view + 3] != ABSTAIN
            assert (voted.sum(axis=1) == 1).all()
    meaning = found["tone"][:, :3] != ABSTAIN
    assert meaning.sum(axis=0).tolist() == [3, 3, 3]


def test_tweets_get_the_label_of_the_examples_that_they_resemble(encoder, examples):
    found = votes(prototype_lfs(SCHEMA, [examples], encoder, CUES, TEXTS), TEXTS)["tone"]
    said = [found[:, 3 * view : 3 * view + 3].max(axis=1) for view in (0, 2)]
    for answers in said:
        assert np.mean(answers == [0, 0, 0, 0, 1, 1, 1, 1, 1]) >= 8 / 9


def test_the_view_on_cues_tells_apart_what_cues_tell_apart(encoder, tmp_path):
    rows = [row | {"id": f"{row['id']}-{i}"} for row in EXAMPLES for i in range(8)]
    lfs = prototype_lfs(SCHEMA, [written(tmp_path / "many.jsonl", rows)], encoder, CUES, TEXTS)
    answers = votes(lfs, TEXTS)["topic"][:, 3:6].max(axis=1)
    assert answers[[0, 4, 5, 6, 8]].tolist() == [2, 1, 1, 0, 0]


def test_without_a_sample_they_abstain_and_so_they_do_on_blanks(encoder, examples):
    lfs = prototype_lfs(SCHEMA, [examples], encoder, CUES, [])
    assert all((values == ABSTAIN).all() for values in votes(lfs, TEXTS).values())
    lfs = prototype_lfs(SCHEMA, [examples], encoder, CUES, TEXTS)
    assert all((values == ABSTAIN).all() for values in votes(lfs, ["", " "]).values())


def test_votes_are_the_same_when_they_are_asked_for_again(encoder, examples):
    first, again = (votes(prototype_lfs(SCHEMA, [examples], encoder, CUES, TEXTS), TEXTS) for _ in range(2))
    for task in SCHEMA.names:
        np.testing.assert_array_equal(first[task], again[task])


def test_a_task_without_examples_of_two_labels_has_no_prototypes(encoder, tmp_path):
    of_tone = written(tmp_path / "tone.jsonl", [{"id": "1", "text": "a", "tone": "good"}, EXAMPLES[-1]])
    same = written(tmp_path / "same.jsonl", [row for row in EXAMPLES if row["topic"] == "rest"])
    assert {task for task, _ in names(prototype_lfs(SCHEMA, [of_tone], encoder, [], TEXTS))} == {"tone"}
    assert prototype_lfs(SCHEMA, [same], encoder, CUES, TEXTS) == []
    assert prototype_lfs(SCHEMA, [], encoder, CUES, TEXTS) == []


def test_examples_of_several_files_count_together(encoder, tmp_path):
    halves = [
        written(tmp_path / f"{tone}.jsonl", [row for row in EXAMPLES if row["tone"] == tone])
        for tone in TONE.labels
    ]
    lfs = prototype_lfs(SCHEMA, halves, encoder, [], TEXTS)
    assert {task for task, _ in names(lfs)} == {"tone", "topic"}


def test_several_labels_at_once_are_no_single_answer(encoder, tmp_path):
    topics = Task("topics", ("bags", "delay"), ("bags", "delays"), "multi")
    schema = Schema((topics,))
    rows = [
        {"id": "1", "text": "my bag", "topics": ["bags"]},
        {"id": "2", "text": "so late", "topics": ["delay"]},
        {"id": "3", "text": "bag came late", "topics": ["bags", "delay"]},
        {"id": "4", "text": "hello", "topics": []},
    ]
    one = written(tmp_path / "one.jsonl", [rows[0], rows[2], rows[3]], schema)
    assert prototype_lfs(schema, [one], encoder, [], TEXTS) == []
    both = prototype_lfs(schema, [written(tmp_path / "two.jsonl", rows, schema)], encoder, [], TEXTS)
    assert set(votes(both, TEXTS)["topics"].ravel()) == {ABSTAIN, 0, 1}


def test_a_fingerprint_changes_with_encoder_examples_cues_sample_and_levels(
    encoder, examples, tmp_path, monkeypatch
):
    def prints(examples=examples, encoder=encoder, cues=CUES, sample=TEXTS):
        made = prototype_lfs(SCHEMA, [examples], encoder, cues, sample)
        return {key: lf.fingerprint() for key, lf in zip(names(made), made)}

    shorter = SharedEncoder(EncoderSettings(max_length=32))
    other = written(tmp_path / "other.jsonl", [*EXAMPLES[1:], EXAMPLES[0] | {"text": "a new one"}])
    first = prints()
    made = [first, prints(encoder=shorter), prints(other), prints(cues=CUES[1:]), prints(sample=TEXTS[1:])]
    with monkeypatch.context() as patched:
        patched.setattr(
            "lfs.prototypes.LEVELS", {"sure": (0.0, 0.2), "likely": (0.2, 0.4), "guess": (0.4, 1.0)}
        )
        made.append(prints())
    assert len({each for of_one in made for each in of_one.values()}) == 6 * len(first)
    assert prints() == first


def test_a_fingerprint_does_not_change_with_the_answers_to_another_task(encoder, examples, tmp_path):
    changed = written(tmp_path / "changed.jsonl", [EXAMPLES[0] | {"topic": "bags"}, *EXAMPLES[1:]])
    first, second = (prototype_lfs(SCHEMA, [each], encoder, CUES, TEXTS) for each in (examples, changed))
    same = {
        task: [
            a.fingerprint() == b.fingerprint() for a, b in zip(first, second) if a.bound_task().name == task
        ]
        for task in SCHEMA.names
    }
    assert all(same["tone"]) and not any(same["topic"])


def test_shipped_examples_have_ids_of_their_own(support):
    ids = [ticket_id for labeled in shipped_examples(support) for ticket_id in labeled.ticket_ids]
    assert len(set(ids)) == len(ids) and all(ids)


def test_shipped_examples_are_every_file_of_the_folder_and_answer_every_task(support):
    found = shipped_examples(support)
    assert len(found) == len(FILES) > 0
    for labeled in found:
        assert all(None not in labeled.answers[task.name] for task in support)


def plain(text):
    return clean_text(text).casefold()


@pytest.fixture(scope="module")
def shipped_texts():
    """Clean, case-folded text of each shipped example → where it stands."""
    found = {}
    for path in FILES:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            found.setdefault(plain(row["text"]), []).append(row["id"])
    return found


def test_no_text_of_the_shipped_examples_comes_twice(shipped_texts):
    assert {text: ids for text, ids in shipped_texts.items() if len(ids) > 1} == {}
    assert "" not in shipped_texts


def test_shipped_examples_hold_each_label_of_each_task_thirty_times_and_more(support):
    found = shipped_examples(support)
    for task in support:
        counts = Counter(label_id for labeled in found for (label_id,) in labeled.answers[task.name])
        few = {label: counts[i] for i, label in enumerate(task.labels) if counts[i] < FEWEST_A_LABEL}
        assert few == {}, task.name


@pytest.mark.skipif(not POOL.is_file(), reason=f"the pool of real tweets is not at {POOL}")
def test_no_shipped_example_is_a_tweet_of_the_pool(shipped_texts):
    texts = pq.read_table(POOL, columns=["text"])["text"].to_pylist()
    assert {text for text in texts if text and plain(text) in shipped_texts} == set()


@pytest.mark.skipif(not GOLD, reason=f"there are no trusted labels in {SHARED / 'gold'}")
def test_no_shipped_example_is_a_tweet_with_a_trusted_label(shipped_texts):
    rows = [json.loads(line) for path in GOLD for line in path.read_text("utf-8").splitlines()]
    texts = [row["text"] for row in rows if "text" in row]
    assert texts
    assert {text for text in texts if plain(text) in shipped_texts} == set()


def cue_file(path, source):
    path.write_text(
        "from labeling.lf import PatternLF\nfrom labeling.pattern import Pattern\nTASK = 'tone'\n" + source
    )
    return path.name


def test_cues_are_the_patterns_of_modules_and_of_their_functions_each_once(tmp_path):
    first = cue_file(tmp_path / "first.py", "CUES = {'late': Pattern(('late',)), 'bag': Pattern(('bag',))}\n")
    second = cue_file(
        tmp_path / "second.py",
        "CUES = {'tardy': Pattern(('late',))}\n"
        "LFS = [PatternLF('bag', label='bad', any_of=('bag',)),\n"
        "       PatternLF('lost', label='bad', any_of=('lost',)),\n"
        "       PatternLF('reply', label='bad', any_of=('sorry',), field='brand_reply')]\n",
    )
    lfs = load_lfs([second], SCHEMA, tmp_path)
    assert load_cues([first, second], lfs, tmp_path) == [
        Pattern(("late",)), Pattern(("bag",)), Pattern(("lost",)),
    ]  # fmt: skip


def test_a_module_may_go_without_cues(tmp_path):
    assert load_cues([cue_file(tmp_path / "none.py", "LFS = []\n")], [], tmp_path) == []
    assert load_cues([], [], tmp_path) == []


def test_cues_that_are_no_patterns_are_all_named(tmp_path):
    listed = cue_file(tmp_path / "listed.py", "CUES = [Pattern(('late',))]\n")
    worded = cue_file(tmp_path / "worded.py", "CUES = {'late': 'late'}\n")
    with pytest.raises(LabelingError) as error:
        load_cues([listed, worded, "absent.py"], [], tmp_path)
    said = str(error.value)
    assert said.startswith(
        "listed.py: CUES must be a dict of name and Pattern; worded.py: CUES must be a dict"
    )
    assert "absent.py: no such file" in said


def test_cues_of_the_support_schema_are_patterns_on_the_text(support):
    lfs = load_lfs(SUPPORT_LFS, support)
    cues = load_cues(SUPPORT_LFS, lfs)
    assert len(set(cues)) == len(cues) > len(SUPPORT_LFS)
    assert {lf.pattern for lf in lfs if getattr(lf, "pattern", None) and lf.field == "text"} <= set(cues)
