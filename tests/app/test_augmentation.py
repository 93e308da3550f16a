"""What training takes from public datasets."""

import json

import pytest
from transformers import AutoConfig

from app.augmentation import augmented, auxiliary_texts, described
from data.config import AugmentationSettings
from data.errors import ConfigError
from data.workspace import Workspace
from model.augment import LabeledTexts
from tests.app.test_workbench import TEXTS, TOML, TONE, TOPIC
from tests.e2e.projects import script
from tests.model.conftest import corpus

TRAINING = "\n[training]\nepochs = 1\nmost_tickets = 60\n[augmentation]\nenabled = true\n"


@pytest.fixture
def project(tmp_path):
    """A project of sixty tickets beside a folder that holds airline sentiment."""
    rows = [[t.format(n) if "{}" in t else t for t in row] for n in range(12) for row in TEXTS]
    (tmp_path / "tweets.csv").write_text("id,text\n" + "".join(f'{i},"{text}"\n' for i, text, *_ in rows))
    gold = [json.dumps({"id": i, "topic": topic, "tone": tone}) for i, _, topic, tone in rows[:30]]
    (tmp_path / "gold.jsonl").write_text("\n".join(gold) + "\n")
    (tmp_path / "topic_lfs.py").write_text(TOPIC)
    (tmp_path / "tone_lfs.py").write_text(TONE)
    tweets = [f"{mood},@air {mood} flight number {n}" for n in range(20) for mood in ("positive", "negative")]
    place = tmp_path / "public" / "airline_sentiment"
    place.mkdir(parents=True)
    (place / "train.csv").write_text("\n".join(["airline_sentiment,text", *tweets]))
    return tmp_path


def settled(project, more, lfs="[lfs]\nexamples = []"):
    (project / "ticketloom.toml").write_text(TOML.replace("[lfs]", lfs) + more)
    return Workspace.open(project)


FOLDER = '[lfs]\nexamples = []\ndatasets = "public"'


def test_labeled_datasets_of_the_folder_are_found_and_described(project):
    workspace = settled(project, "[augmentation]\nenabled = true\nmost_examples = 10\n", FOLDER)
    found = described(auxiliary_texts(workspace))
    assert [(row["dataset"], row["texts"], row["labels"]) for row in found] == [("airline_sentiment", 10, 2)]


def test_without_a_folder_the_error_says_what_to_set(project):
    with pytest.raises(ConfigError, match=r'\[lfs\] datasets = "DIR"'):
        auxiliary_texts(settled(project, ""))
    assert auxiliary_texts(settled(project, "[augmentation]\ndatasets = []\n")) == []


def test_a_dataset_that_is_not_there_is_named_with_a_near_match(project):
    workspace = settled(project, '[augmentation]\ndatasets = ["airline_sentimen"]\n', FOLDER)
    with pytest.raises(ConfigError, match=r"'airline_sentimen'.*did you mean 'airline_sentiment'"):
        auxiliary_texts(workspace)


def test_both_sets_get_the_schema_with_auxiliary_tasks():
    rare, moods = (
        AugmentationSettings(rare_share=0.9),
        LabeledTexts("moods", ("so glad", "so sad"), ("a", "b")),
    )
    train, validation = augmented(corpus(48), corpus(8), [moods], rare)
    assert len(train) > 48 + 2 and len(validation) == 8
    assert train.schema.names == ("tone", "about", "moods (auxiliary)")
    assert train.schema == validation.schema


def test_a_run_trains_on_auxiliary_tasks_and_keeps_the_projects_own(project):
    toml = TOML.replace("[lfs]", FOLDER)
    mappings = '[airline_sentiment.tone]\nbad = ["negative"]\n'
    (project / "mappings.toml").write_text(mappings)
    toml = toml.replace('datasets = "public"', 'datasets = "public"\nmappings = "mappings.toml"')
    (project / "ticketloom.toml").write_text(toml + TRAINING)
    assert script("ticketloom", "data", "ingest", folder=project).returncode == 0
    done = script("ticketloom", "model", "train", "--json", folder=project)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["tickets"] > 40
    config = AutoConfig.from_pretrained(project / "runs/main/round-0/model")
    assert [task["name"] for task in config.tasks] == ["topic", "tone"]
