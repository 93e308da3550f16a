"""Checkpoints outlive a training that is killed."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from model.checkpoints import kept, last_whole
from model.train import train_classifier
from tests.model.conftest import ENCODER, SETTINGS, corpus

HOUSE = Path(__file__).parents[2]
LONG = SETTINGS.model_copy(update={"epochs": 3, "checkpoint_minutes": 1e-9})
CHILD = """
import sys, torch
from pathlib import Path
from model.train import train_classifier
from tests.model.conftest import ENCODER, corpus
from tests.model.test_checkpoints import LONG
torch.set_num_threads(1)
train_classifier(corpus(24), corpus(16), ENCODER, LONG, Path(sys.argv[1]), checkpoints=Path(sys.argv[2]))
"""


def train(folder, checkpoints):
    folder.mkdir(exist_ok=True)
    figures = train_classifier(corpus(24), corpus(16), ENCODER, LONG, folder, checkpoints=checkpoints)
    return figures, load_file(folder / "model.safetensors")


def test_a_training_that_is_killed_goes_on_from_its_checkpoint_to_the_same_end(tmp_path):
    out, checkpoints = tmp_path / "out", tmp_path / "kept"
    out.mkdir()
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(out), str(checkpoints)], cwd=HOUSE)
    deadline = time.monotonic() + 120
    while not list(checkpoints.glob("checkpoint-*/trainer_state.json")):
        assert child.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL and not (out / "model.safetensors").exists()
    assert last_whole(checkpoints)
    (figures, killed), (whole_figures, whole) = train(out, checkpoints), train(tmp_path / "whole", None)
    assert figures == whole_figures
    assert all(np.array_equal(killed[name], whole[name]) for name in whole)
    assert not checkpoints.exists()


@pytest.mark.parametrize("content", [None, "", '{"global_step": '])
def test_a_checkpoint_without_its_last_file_is_removed(tmp_path, content):
    for step in (2, 10):
        (tmp_path / f"checkpoint-{step}").mkdir()
    (tmp_path / "checkpoint-2" / "trainer_state.json").write_text("{}")
    if content is not None:
        (tmp_path / "checkpoint-10" / "trainer_state.json").write_text(content)
    assert last_whole(tmp_path) == str(tmp_path / "checkpoint-2")
    assert not (tmp_path / "checkpoint-10").exists()


def test_a_place_for_checkpoints_is_kept_after_an_error_alone(tmp_path):
    with pytest.raises(ZeroDivisionError), kept(tmp_path / "a") as place:
        (place / "file").write_text("")
        raise ZeroDivisionError
    assert (tmp_path / "a" / "file").exists()
    with kept(tmp_path / "a"):
        pass
    assert not (tmp_path / "a").exists()
    with kept(None) as place:
        pass
    assert not place.exists()
