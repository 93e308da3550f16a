"""A project's settings, read strictly."""

import pytest

from data.config import SUPPORT_LFS, Config, parse_config, read_config
from data.errors import ConfigError


def test_an_empty_file_is_the_defaults(tmp_path):
    path = tmp_path / "ticketloom.toml"
    path.write_text("")
    config = read_config(path)
    assert config == Config()
    assert config.schema_.names == ("category", "priority", "sentiment", "intent", "department")
    assert config.lf_modules == SUPPORT_LFS


def test_a_project_with_its_own_tasks_has_no_labeling_functions_until_it_names_some():
    tasks = {"tone": {"labels": ["good", "bad"]}}
    assert parse_config({"tasks": tasks}).lf_modules == ()
    assert parse_config({"tasks": tasks}).schema_.names == ("tone",)
    named = parse_config({"tasks": tasks, "lfs": {"modules": ["mine.py"]}})
    assert named.lf_modules == ("mine.py",)


def test_all_problems_of_a_file_are_reported_together_with_near_matches(tmp_path):
    path = tmp_path / "ticketloom.toml"
    path.write_text(
        "[trainng]\n[training]\nepoch = 3\nbatch_size = 0\n[data.splits]\ntrian = 0.8\n"
        "[active]\nstrategy = 'luck'\n[data]\nfiles = [1]\n[tasks.tone]\nlabels = ['good']\n"
    )
    with pytest.raises(ConfigError) as error:
        read_config(path)
    message = str(error.value)
    for part in (
        str(path),
        "[trainng] is unknown",
        "did you mean 'training'?",
        "[training] epoch is unknown",
        "did you mean 'epochs'?",
        "[training] batch_size: input should be greater than or equal to 1, got 0",
        "[data.splits] trian is unknown; allowed: train, validation, test",
        "[active] strategy: input should be 'entropy', 'random' or 'issues', got 'luck'",
        "[data.files] 0: input should be a valid string, got 1",
        "[tasks.tone] needs two labels or more",
    ):
        assert part in message


def test_shares_must_add_up_to_one():
    with pytest.raises(ConfigError, match=r"\[data.splits\] shares must add up to 1, got 1.2"):
        parse_config({"data": {"splits": {"train": 1.0, "validation": 0.1, "test": 0.1}}})


@pytest.mark.parametrize(
    "document", [{"tasks": 3}, {"tasks": {}}, {"data": 3}, {"tasks": {"a": {"labels": 3}}}]
)
def test_a_value_of_the_wrong_kind_is_an_error(document):
    with pytest.raises(ConfigError):
        parse_config(document)


def test_a_file_that_is_absent_or_not_toml_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="no such file; `ticketloom init` writes one"):
        read_config(tmp_path / "ticketloom.toml")
    for content in (b"[training\n", b"\xff\xfe"):
        (tmp_path / "bad.toml").write_bytes(content)
        with pytest.raises(ConfigError, match="not valid TOML"):
            read_config(tmp_path / "bad.toml")
