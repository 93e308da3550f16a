"""`ticketloom label`: soft labels, what their models learned, and the models side by side."""

import json

import pytest

from data.config import LABEL_MODELS
from tests.app.test_workbench import TEXTS, TOML, TONE, TOPIC
from tests.e2e.projects import script


@pytest.fixture
def wrench(tmp_path):
    """A folder in WRENCH's format: three labels, four functions that are mostly right."""
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "label.json").write_text('{"0": "ham", "1": "spam", "2": "news"}')
    for at, name in enumerate(("train", "valid", "test")):
        entries = {}
        for row in range(90):
            label = row % 3
            wrong = (row + at) % 10 == 0
            said = (label + 1) % 3 if wrong else label
            votes = [said, label, label if row % 2 else -1, (label + row) % 3 if row % 4 == 0 else -1]
            entries[str(row)] = {"label": label, "weak_labels": votes if row % 15 else [-1] * 4}
        (folder / f"{name}.json").write_text(json.dumps(entries))
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project of sixty tickets, thirty of them gold, without seeds, with soft labels."""
    folder = tmp_path_factory.mktemp("labels")
    rows = [[t.format(n) if "{}" in t else t for t in row] for n in range(12) for row in TEXTS]
    (folder / "tweets.csv").write_text("id,text\n" + "".join(f'{i},"{text}"\n' for i, text, *_ in rows))
    gold = [json.dumps({"id": i, "topic": topic, "tone": tone}) for i, _, topic, tone in rows[:30]]
    (folder / "gold.jsonl").write_text("\n".join(gold) + "\n")
    (folder / "ticketloom.toml").write_text(TOML.replace("[lfs]", "[lfs]\nexamples = []"))
    (folder / "topic_lfs.py").write_text(TOPIC)
    against = 'PatternLF("not_angry", label="not bad", any_of=("thanks",)),\n]'
    (folder / "tone_lfs.py").write_text(TONE.replace("\n]", f"\n    {against}"))
    assert script("ticketloom", "data", "ingest", folder=folder).returncode == 0
    return folder


def test_label_models_are_compared_on_a_wrench_folder(tmp_path, wrench, answer, command):
    found = answer(tmp_path, "label", "wrench", wrench)
    assert list(found) == ["models"]
    assert [model["name"] for model in found["models"]] == list(LABEL_MODELS)
    assert [model["name"] for model in found["models"] if model["default"]] == ["agreement"]
    for model in found["models"]:
        assert set(model) == {
            "name", "default", "accuracy", "macro_f1", "covered_accuracy", "fit_seconds",
        }  # fmt: skip
        assert 0.5 < model["accuracy"] <= 1 and 0.5 < model["macro_f1"] <= 1 and model["fit_seconds"] >= 0
    shown = command(tmp_path, "label", "wrench", wrench)
    assert "Label models on mails" in shown and "(default)" in shown


def test_a_wrench_folder_needs_no_project(tmp_path, wrench):
    done = script("ticketloom", "label", "wrench", "mails", "--json", folder=tmp_path)
    assert done.returncode == 0 and done.stderr == ""
    assert len(json.loads(done.stdout)["models"]) == len(LABEL_MODELS)


def test_a_model_that_cannot_be_fitted_is_told_in_its_row(tmp_path, wrench, answer):
    for name in ("train", "valid", "test"):
        path = wrench / f"{name}.json"
        entries = json.loads(path.read_text())
        few = {key: entry | {"weak_labels": entry["weak_labels"][:2]} for key, entry in entries.items()}
        path.write_text(json.dumps(few))
    found = {model["name"]: model for model in answer(tmp_path, "label", "wrench", wrench)["models"]}
    assert "needs 3 labeling functions" in found["snorkel"]["error"]
    assert found["snorkel"]["accuracy"] is None and found["majority"]["accuracy"] > 0.5


BAD = [
    ("train.json", None, "train.json: no such file; a WRENCH folder has train.json"),
    ("label.json", "{", "label.json: cannot be read as JSON"),
    (
        "test.json",
        '{"0": {"label": 0, "weak_labels": [9, 0, 0, 0]}}',
        "test.json: entry 0: vote 9; votes are",
    ),
    ("train.json", "{}", "train.json"),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD)
def test_a_bad_folder_is_one_line_and_exit_code_1(tmp_path, wrench, name, content, said):
    path = wrench / name
    path.unlink() if content is None else path.write_text(content)
    done = script("ticketloom", "label", "wrench", "mails", folder=tmp_path)
    [line] = done.stderr.splitlines()
    assert done.returncode == 1 and line.startswith("error: ") and said in line and done.stdout == ""


def test_a_folder_that_is_not_there_is_one_line_and_exit_code_1(tmp_path):
    done = script("ticketloom", "label", "wrench", "nowhere", folder=tmp_path)
    [line] = done.stderr.splitlines()
    assert done.returncode == 1 and "label.json: no such file" in line


def test_fit_tells_model_coverage_and_labels_without_a_vote(made, answer, command):
    found = answer(made, "label", "fit")
    assert found["label_model"] == "agreement"
    assert found["coverage"] == {"topic": 0.8, "tone": 0.6}
    assert found["labels_without_a_vote"] == {} and found["reviewed"] == 0
    assert set(found["changed_by_texts"]) == {"topic", "tone"}
    assert "Soft labels (agreement)" in command(made, "label", "fit")


def test_inspect_puts_what_was_learned_beside_what_is_measured(made, answer, command):
    found = {row["name"]: row for row in answer(made, "label", "inspect")}
    assert set(found) == {"money", "parcel", "asks_where", "thanks", "moans", "not_angry"}
    assert (found["money"]["task"], found["money"]["votes"], found["money"]["coverage"]) == (
        "topic", "payment", 0.4,
    )  # fmt: skip
    assert (found["money"]["measured"], found["money"]["on"]) == (0.5, 12)
    assert found["not_angry"]["votes"] == "not bad"
    assert all(0 < row["learned"] <= 1 for row in found.values())
    only = answer(made, "label", "inspect", "--task", "tone")
    assert {row["task"] for row in only} == {"tone"}
    assert "What the label model learned" in command(made, "label", "inspect")


def test_explain_tells_what_each_vote_adds(made, answer, command):
    found = {each["task"]: each for each in answer(made, "label", "explain", "t0c")}
    assert set(found) == {"topic", "tone"}
    tone = found["tone"]
    assert (tone["answer"], tone["next"], tone["covered"]) == ("good", "bad", True)
    assert tone["probability"] == max(tone["probabilities"].values()) > 0.5
    votes = {vote["name"]: vote["vote"] for vote, _ in tone["votes_for_answer"]}
    assert votes == {"class balance": "", "thanks": "good", "not_angry": "not bad"}
    gains = [gain for _, gain in tone["votes_for_answer"]]
    probability = tone["by_votes"]["good"]
    assert 2.718281828 ** sum(gains) == pytest.approx(probability / (1 - probability), rel=0.05)
    assert [abs(gain) for gain in gains] == sorted(map(abs, gains), reverse=True)
    assert tone["probabilities"]["good"] < probability, "the texts tell it from others less surely"
    shown = command(made, "label", "explain", "t0c", "--task", "tone")
    assert "class balance" in shown and "not_angry" in shown and "parcel" not in shown


def test_compare_measures_every_model_on_gold(made, answer, command):
    found = answer(made, "label", "compare", "--task", "topic")
    assert list(found) == ["topic"]
    assert [score["name"] for score in found["topic"]] == list(LABEL_MODELS)
    assert all(0 <= score["accuracy"] <= 1 for score in found["topic"])
    tone = {score["name"]: score for score in answer(made, "label", "compare", "--task", "tone")["tone"]}
    assert "needs 3 labeling functions" in tone["snorkel"]["error"]
    assert "Label models" in command(made, "label", "compare")


WRONG = [
    (["explain", "t0cc"], "no ticket 't0cc' in the pool"),
    (["inspect", "--task", "topics"], "did you mean 'topic'"),
    (["compare", "--task", "tones"], "did you mean 'tone'"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=lambda value: " ".join(value))
def test_what_the_user_can_mend_is_one_line(made, arguments, said):
    done = script("ticketloom", "label", *arguments, folder=made)
    [line] = done.stderr.splitlines()
    assert done.returncode == 1 and line.startswith("error: ") and said in line


def test_compare_without_gold_says_how_to_name_some(made, tmp_path):
    config = (made / "ticketloom.toml").read_text().replace('gold = "gold.jsonl"', "")
    for name in ("topic_lfs.py", "tone_lfs.py", "tweets.csv"):
        (tmp_path / name).write_text((made / name).read_text())
    (tmp_path / "ticketloom.toml").write_text(config)
    assert script("ticketloom", "data", "ingest", folder=tmp_path).returncode == 0
    done = script("ticketloom", "label", "compare", folder=tmp_path)
    assert done.returncode == 1 and "name a file of trusted labels in [evaluate] gold" in done.stderr


def test_a_model_without_log_odds_says_which_has_them(made, tmp_path):
    for name in ("topic_lfs.py", "tone_lfs.py", "tweets.csv", "gold.jsonl"):
        (tmp_path / name).write_text((made / name).read_text())
    (tmp_path / "ticketloom.toml").write_text(
        (made / "ticketloom.toml").read_text() + '\n[label_model]\nname = "majority"\n'
    )
    assert script("ticketloom", "data", "ingest", folder=tmp_path).returncode == 0
    done = script("ticketloom", "label", "explain", "t0c", folder=tmp_path)
    [line] = done.stderr.splitlines()
    assert done.returncode == 1 and 'name = "agreement"' in line
