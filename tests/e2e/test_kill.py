"""A run that is killed in the middle of any stage loses nothing and, run again, ends as if undisturbed."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

from data.store import file_hash, read_json, write_json
from tests.e2e.projects import (
    ENVIRONMENT,
    SCRIPTS,
    artifacts,
    check_artifacts,
    clone,
    stages,
    ticketloom,
    topic_project,
)

RUN = "runs/main"
# Stage → the temporary file or folder that exists while it works, and how long it may work on, in seconds.
STAGES = {
    "ingest": (".", ".tickets.parquet.*", 0.0),
    "votes": (RUN, ".votes.building", 0.01),
    "embeddings": (RUN, ".embeddings.building", 3.0),
    "labels": (RUN, ".labels.building", 0.05),
    "issues": (RUN, ".issues.building", 0.05),
    "round-0/model": (f"{RUN}/round-0", ".model.building", 4.0),
    "round-1/selection": (f"{RUN}/round-1", ".selection.building", 0.2),
    "round-1/reviews": (f"{RUN}/round-1", ".reviews.building", 0.005),
    "round-1/labels": (f"{RUN}/round-1", ".labels.building", 0.01),
    "round-1/model": (f"{RUN}/round-1", ".model.building", 4.0),
    "round-1/evaluation": (f"{RUN}/round-1", ".evaluation.building", 0.2),
    "export": (".", ".export.building", 1.0),
    "report": (RUN, ".report.html.*", 0.0),
}
PATIENCE = 300.0


def killed_in(project: Path, stage: str, dice: random.Random) -> bool:
    """Starts a run and kills it a random moment into a stage; whether the stage was still unfinished."""
    place, pattern, longest = STAGES[stage]
    command = [str(SCRIPTS / "ticketloom"), "run"]
    process = subprocess.Popen(
        command, cwd=project, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    waited = time.monotonic() + PATIENCE
    seen = list((project / place).glob(pattern))
    while (found := list((project / place).glob(pattern))) in ([], seen) and process.poll() is None:
        assert time.monotonic() < waited, f"{stage} did not begin"
        time.sleep(0.0005)
    time.sleep(dice.uniform(0, longest))
    process.send_signal(signal.SIGKILL)
    _, said = process.communicate()
    assert process.returncode in (-signal.SIGKILL, 0), said
    return any(path.exists() for path in found)


def events(project: Path) -> list[tuple[object, ...]]:
    """The ledger's decisions without their times; [] where there is no ledger yet."""
    if not (project / "reviews.db").exists():
        return []
    with sqlite3.connect(project / "reviews.db") as ledger:
        assert ledger.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if not ledger.execute("SELECT 1 FROM sqlite_master WHERE name = 'reviews'").fetchone():
            return []
        query = "SELECT event, ticket_id, task, label, reviewer, round, source FROM reviews ORDER BY event"
        return ledger.execute(query).fetchall()


def check_whole(project: Path, undisturbed: Path) -> None:
    """Whatever has its name is whole: stages, pool, report; the ledger has all of a round or nothing."""
    check_artifacts(project)
    assert events(project) in ([], events(undisturbed))
    for name in ("tickets.parquet", "quarantine.jsonl"):
        if (project / name).exists():
            assert file_hash(project / name) == file_hash(undisturbed / name)
    if (project / "tickets.json").exists():
        assert read_json(project / "tickets.json")["tickets"] == file_hash(project / "tickets.parquet")
    if (project / RUN / "report.html").exists():
        assert (project / RUN / "report.html").read_text("utf-8").rstrip().endswith("</html>")


def test_a_run_killed_in_every_stage_ends_as_the_undisturbed_one(topics, tmp_path):
    undisturbed, dice = topics[0], random.Random(7)
    project = topic_project(tmp_path / "topics")
    caught = {}
    for stage in STAGES:
        caught[stage] = killed_in(project, stage, dice)
        check_whole(project, undisturbed)
    last = stages(ticketloom(project, "run"))
    assert artifacts(project) == artifacts(undisturbed)
    assert not list(project.rglob("*.checkpoints"))
    assert events(project) == events(undisturbed)
    for name in ("tickets.parquet", "quarantine.jsonl", "tickets.json"):
        assert (project / name).read_bytes() == (undisturbed / name).read_bytes(), name
    assert (project / RUN / "report.html").read_bytes() == (undisturbed / RUN / "report.html").read_bytes()
    long_ones = {stage for stage, (*_, longest) in STAGES.items() if longest >= 1}
    assert {stage for stage in long_ones if caught[stage]}, (
        f"no kill fell into the middle of a stage: {caught}"
    )
    assert set(last.values()) == {"skipped: nothing that it reads changed"} or caught["report"] is False


def test_a_rebuild_that_is_killed_leaves_the_old_export_or_none(topics, tmp_path):
    """A stage that is built again replaces its folder in two renames; between them there is none."""
    undisturbed = topics[0]
    project = clone(undisturbed, tmp_path / "topics")
    manifest = read_json(project / "export" / "manifest.json")
    manifest["reads"]["code"] = "an older version"
    write_json(project / "export" / "manifest.json", manifest)
    killed_in(project, "export", random.Random(1))
    check_whole(project, undisturbed)
    ticketloom(project, "run")
    assert artifacts(project) == artifacts(undisturbed)


def test_an_interruption_by_the_keyboard_says_how_to_go_on(topics, tmp_path):
    project = topic_project(tmp_path / "topics")
    process = subprocess.Popen(
        [str(SCRIPTS / "ticketloom"), "run"],
        cwd=project,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (project / RUN / ".embeddings.building").exists():
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.splitlines() == ["interrupted; repeat the command to go on"]
    check_whole(project, topics[0])
