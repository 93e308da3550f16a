"""The workbench on a small project: every `lfs` command, as its users give it."""

import json
import signal
import subprocess
import time

import pyarrow.parquet as pq
import pytest

from tests.e2e.projects import SCRIPTS, script

TOML = """
[data]
files = ["tweets.csv"]

[seeds]
enabled = false

[lfs]
modules = ["topic_lfs.py", "tone_lfs.py"]

[evaluate]
gold = "gold.jsonl"

[tasks.topic.labels]
delivery = "where a parcel is"
payment = "money"

[tasks.tone.labels]
good = "pleased"
bad = "angry"
"""
TOPIC = """from snorkel.labeling import labeling_function

from labeling.lf import PatternLF

TASK = "topic"


@labeling_function()
def asks_where(ticket):
    return "delivery" if "where is" in ticket.text.lower() else None


LFS = [
    PatternLF("money", label="payment", any_of=("refund*", "charged")),
    PatternLF("parcel", label="delivery", any_of=("parcel", "package")),
    asks_where,
]
"""
TONE = """from labeling.lf import PatternLF

TASK = "tone"
LFS = [
    PatternLF("thanks", label="good", any_of=("thanks", "love*")),
    PatternLF("moans", label="bad", any_of=("awful", "charged")),
]
"""
TEXTS = [
    ("t{}a", "where is my parcel number {}", "delivery", "bad"),
    ("t{}b", "you charged me {} times, I want a refund", "payment", "bad"),
    ("t{}c", "thanks for the package, I love it {}", "delivery", "good"),
    ("t{}d", "the invoice {} shows a wrong total again", "payment", "bad"),
    ("t{}e", "charged my phone and your parcel {} came, thanks", "delivery", "good"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project of sixty tickets, thirty of them gold."""
    folder = tmp_path_factory.mktemp("workbench")
    rows = [[t.format(n) if "{}" in t else t for t in row] for n in range(12) for row in TEXTS]
    (folder / "tweets.csv").write_text("id,text\n" + "".join(f'{i},"{text}"\n' for i, text, *_ in rows))
    gold = [json.dumps({"id": i, "topic": topic, "tone": tone}) for i, _, topic, tone in rows[:30]]
    (folder / "gold.jsonl").write_text("\n".join(gold) + "\n")
    (folder / "ticketloom.toml").write_text(TOML)
    (folder / "topic_lfs.py").write_text(TOPIC)
    (folder / "tone_lfs.py").write_text(TONE)
    assert script("ticketloom", "data", "ingest", folder=folder).returncode == 0
    return folder


def test_apply_writes_votes_and_asks_again_only_what_changed(made, answer):
    first = answer(made, "lfs", "apply", "--run", "first")
    assert first["labeling_functions"] == first["asked"] == 5
    assert first["coverage"] == {"topic": 0.8, "tone": 0.6}
    votes = pq.read_table(made / "runs" / "first" / "votes" / "topic.parquet")
    assert votes.column_names == ["ticket_id", "money", "parcel", "asks_where"]
    (made / "tone_lfs.py").write_text(TONE.replace('"awful", ', '"awful", "wrong", '))
    second = answer(made, "lfs", "apply", "--run", "second")
    (made / "tone_lfs.py").write_text(TONE)
    assert second["asked"] == 1 and second["coverage"]["tone"] == 0.8
    changes = answer(made, "lfs", "diff", "first", "second")
    assert changes["topic"]["functions"] == []
    [moans] = changes["tone"]["functions"]
    assert (moans["name"], moans["kind"], moans["tickets"]) == ("moans", "changed", 12)
    assert (moans["before"]["accuracy"], moans["after"]["accuracy"]) == (0.5, 2 / 3)
    assert {change["after"] for change in moans["examples"]} == {"bad"}


def test_apply_to_one_task_leaves_the_votes_on_others(made, answer):
    answer(made, "lfs", "apply", "--run", "tasks")
    before = (made / "runs" / "tasks" / "votes" / "tone.parquet").read_bytes()
    found = answer(made, "lfs", "apply", "--run", "tasks", "--task", "topic")
    assert found["asked"] == 0 and set(found["coverage"]) == {"topic", "tone"}
    assert (made / "runs" / "tasks" / "votes" / "tone.parquet").read_bytes() == before


def test_try_shows_votes_with_their_words_and_writes_nothing(made, answer, command):
    found = answer(made, "lfs", "apply", "--try", "60", "--run", "tried")
    assert len(found) == 60 and not (made / "runs" / "tried").exists()
    [ticket] = [each for each in found if each["ticket_id"] == "t3b"]
    assert ticket["votes"]["topic"] == [
        {"name": "money", "label": "payment", "words": ["charged", "refund"], "error": None}
    ]
    shown = command(made, "lfs", "apply", "--try", "2")
    assert "Votes on 2 tickets" in shown


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "folder"])
def test_apply_to_files_needs_no_project(made, tmp_path, kind):
    table = pq.read_table(made / "tickets.parquet").select(["ticket_id", "raw_text"])
    table = table.rename_columns(["id", "text"])
    rows = table.to_pylist()
    path = tmp_path / f"more.{kind}"
    if kind == "csv":
        path.write_text("id,text\n" + "".join(f'{row["id"]},"{row["text"]}"\n' for row in rows) + "x,\n")
    elif kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"id": "x"}\n')
    else:
        path = path if kind == "parquet" else tmp_path / "parts"
        path.parent.mkdir(exist_ok=True)
        if kind == "folder":
            path.mkdir()
            pq.write_table(table[:20], path / "a.parquet")
            pq.write_table(table[20:], path / "b.parquet")
        else:
            pq.write_table(table, path)
    done = script(
        "lfs", "apply", str(path), "--out", "votes", "--task", "category", "--json", folder=tmp_path
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["tickets"] == 60 and found.get("set_aside", 0) == (kind in ("csv", "jsonl"))
    votes = pq.read_table(tmp_path / "votes" / "category.parquet")
    assert votes["ticket_id"].to_pylist() == [row["id"] for row in rows]
    analyzed = script("lfs", "analyze", "--votes", "votes", "--json", folder=tmp_path)
    assert list(json.loads(analyzed.stdout)) == ["category"]
    explained = script("lfs", "explain", "t3b", "--votes", "votes", "--json", folder=tmp_path)
    said = json.loads(explained.stdout)["votes"]
    assert {"refunds_alone", "charges_alone"} <= {each["name"] for each in said}


def test_lfs_named_on_the_command_line_stand_in_for_the_projects(made, answer, tmp_path):
    (tmp_path / "own.py").write_text(TONE.replace("moans", "groans"))
    found = answer(made, "lfs", "apply", "--lfs", tmp_path / "own.py", "--run", "own")
    assert found["labeling_functions"] == 2 and set(found["coverage"]) == {"tone"}
    listed = answer(made, "lfs", "list", "--lfs", tmp_path / "own.py")
    assert [each["name"] for each in listed] == ["thanks", "groans"]


def test_apply_on_dask_and_on_two_processes_gives_the_same_votes(made, answer):
    for name, options in {
        "one": [],
        "two": ["--workers", 2],
        "dask": ["--engine", "dask", "--workers", 2],
    }.items():
        answer(made, "lfs", "apply", "--out", made / f"votes-{name}", *options)
    for task in ("topic", "tone"):
        one, two, dask = (
            pq.read_table(made / f"votes-{n}" / f"{task}.parquet") for n in ("one", "two", "dask")
        )
        assert one.equals(two) and one.equals(dask)


def test_list_says_where_each_function_is_declared(made, answer):
    found = {each["name"]: each for each in answer(made, "lfs", "list", "--task", "topic")}
    assert {name: each["kind"] for name, each in found.items()} == {
        "money": "pattern", "parcel": "pattern", "asks_where": "row",
    }  # fmt: skip
    assert found["parcel"]["where"] == "topic_lfs.py:15"


def test_analyze_gives_figures_and_pairs_and_learned_accuracies_once_a_label_model_is_fitted(made, answer):
    found = answer(made, "lfs", "analyze")["topic"]
    money = found["labeling_functions"][0]
    assert (money["coverage"], money["conflicts"], money["gold_votes"]) == (0.4, 0.2, 12)
    assert money["accuracy"] == 0.5 and money["learned_accuracy"] is None
    assert [(pair["first"], pair["second"]) for pair in found["redundant"]] == [("asks_where", "parcel")]
    assert [(pair["first"], pair["second"]) for pair in found["fighting"]] == [("money", "parcel")]
    answer(made, "label", "fit")
    learned = answer(made, "lfs", "analyze")["topic"]["labeling_functions"][0]["learned_accuracy"]
    assert 0 < learned <= 1


def test_errors_names_the_tickets_and_the_words_that_misled(made, answer, command):
    found = answer(made, "lfs", "errors", "money")
    assert (found["task"], found["n"], len(found["mistakes"])) == ("topic", 12, 6)
    first = found["mistakes"][0]
    assert (first["voted"], first["right"], first["words"]) == ("payment", ["delivery"], ["charged"])
    assert first["text"].startswith("charged my phone")
    assert "6 wrong of 12 trusted votes" in command(made, "lfs", "errors", "topic.money", "--most", "2")


def test_explain_tells_who_voted_what_because_of_which_words(made, answer):
    found = answer(made, "lfs", "explain", "t0a")
    assert found["text"] == "where is my parcel number 0"
    said = {(each["task"], each["name"]): (each["label"], each["words"]) for each in found["votes"]}
    assert said == {("topic", "parcel"): ("delivery", ["parcel"]), ("topic", "asks_where"): ("delivery", [])}


def test_uncovered_heaps_what_no_function_sees(made, answer):
    found = answer(made, "lfs", "uncovered", "--task", "topic", "--clusters", 2)["topic"]
    assert (found["tickets"], found["uncovered"]) == (60, 12)
    assert "invoice" in found["clusters"][0]["words"]
    assert found["clusters"][0]["examples"][0][1].startswith("the invoice ")


def test_suggest_finds_the_missing_phrase_and_writes_it_as_source(made, answer, tmp_path):
    labels = tmp_path / "labels.jsonl"
    tickets = pq.read_table(made / "tickets.parquet", columns=["ticket_id", "text"]).to_pylist()[30:]
    kinds = {"a": "delivery", "b": "payment", "c": "delivery", "d": "payment", "e": "delivery"}
    rows = [{"id": t["ticket_id"], "topic": kinds[t["ticket_id"][-1]]} for t in tickets]
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows))
    target = tmp_path / "topic_more.py"
    found = answer(
        made, "lfs", "suggest", "--task", "topic", "--labels", labels, "--write", target, "--accept", "1"
    )
    [best, *_] = found["suggestions"]
    assert best["label"] == "payment" and best["new_coverage"] == 0.2 and best["right"] == best["n"] == 6
    assert "invoice" in best["examples"][0][1] and found["written"] == ["suggested_payment"]
    votes = answer(made, "lfs", "apply", "--lfs", target, "--run", "suggested")
    assert votes["coverage"]["topic"] == 0.2


def test_watch_prints_what_each_save_changes_and_survives_a_mistake(made, tmp_path):
    file = tmp_path / "watched.py"
    file.write_text(TONE)
    watching = subprocess.Popen(
        [SCRIPTS / "lfs", "--project", made, "watch", file, "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        first = json.loads(watching.stdout.readline())
        assert first["changes"] == {} and first["coverage"] == {"tone": 0.6}
        file.write_text("TASK = 1 /")
        assert "SyntaxError" in watching.stderr.readline()
        file.write_text(TONE.replace('"awful", ', '"awful", "wrong", '))
        second = json.loads(watching.stdout.readline())
        [moans] = second["changes"]["tone"]["functions"]
        assert (moans["name"], moans["tickets"]) == ("moans", 12) and second["coverage"] == {"tone": 0.8}
        assert second["seconds"] < 2
    finally:
        watching.send_signal(signal.SIGINT)
        assert watching.wait(timeout=10) == 130
        watching.stdout.close()
        watching.stderr.close()


def test_the_page_of_an_analysis_is_written(made, command):
    command(made, "lfs", "analyze", "--html", made / "lfs.html")
    page = (made / "lfs.html").read_text("utf-8")
    assert "asks_where" in page and page.startswith("<!doctype html>")


WRONG = [
    (["errors", "mony"], "no labeling function 'mony' among 5; see `lfs list`; did you mean 'money'?"),
    (["explain", "t0aa"], "no ticket 't0aa' among 60; ids are like t0a, t0b, t0c; did you mean 't0a'?"),
    (["diff", "frist", "main"], "no run and no folder of votes 'frist'"),
    (["apply", "--scheduler", "tcp://x:1"], "--scheduler tcp://x:1 needs --engine dask"),
    (["analyze", "--task", "topics"], "did you mean 'topic'"),
    (["apply", "nowhere.csv"], "nowhere.csv: no such file"),
    (["apply", "gold.jsonl", "--out", "v"], "gold.jsonl: no column with the text; it has id, topic, tone"),
    (["apply", "tweets.csv", "--out", "."], ".: exists and holds no votes; name another folder with --out"),
    (["apply", "--lfs", "absent.py"], "absent.py: no such file"),
    (["watch", "absent.py"], "absent.py: no such file to watch"),
    (["suggest", "--task", "topic"], "nothing to learn suggestions for 'topic' from"),
    (["suggest", "--task", "topic", "--accept", "1"], "--accept 1 needs --write FILE"),
    (["analyze", "--votes", "nothing"], "nothing: no votes here; `lfs apply` writes them"),
]


@pytest.mark.parametrize(
    ("arguments", "said"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_what_the_user_can_mend_is_one_line(made, arguments, said):
    done = script("lfs", *arguments, folder=made)
    [line] = done.stderr.splitlines()
    assert done.returncode == 1 and line.startswith("error: ") and said in line


def test_an_interrupted_apply_leaves_the_votes_that_were_there(made, answer):
    answer(made, "lfs", "apply", "--run", "broken")
    votes = made / "runs" / "broken" / "votes" / "topic.parquet"
    before = votes.read_bytes()
    slow = TOPIC.replace('    return "delivery"', '    import time; time.sleep(1)\n    return "delivery"')
    (made / "topic_lfs.py").write_text(slow)
    try:
        running = subprocess.Popen(
            [SCRIPTS / "lfs", "--project", made, "apply", "--run", "broken"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        building = made / "runs" / "broken" / ".votes.building" / "topic.parquet"
        while not building.exists():
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=20)
    finally:
        (made / "topic_lfs.py").write_text(TOPIC)
    assert running.returncode == 130 and "interrupted; repeat the command to go on" in said
    assert votes.read_bytes() == before
    assert answer(made, "lfs", "apply", "--run", "broken")["coverage"] == {"topic": 0.8, "tone": 0.6}
    assert votes.read_bytes() == before
