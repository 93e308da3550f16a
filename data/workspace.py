"""Where a project keeps its things on disk."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from data.config import CONFIG_FILE, Config, read_config
from data.errors import ConfigError


@dataclass(frozen=True)
class Workspace:
    """A project's folder: its settings and the places of its files."""

    root: Path
    config: Config

    @classmethod
    def open(cls, root: Path) -> "Workspace":
        """Opens the project in `root`; raises ConfigError where there is none."""
        path = root / CONFIG_FILE
        if not path.is_file():
            raise ConfigError(f"{root}: no {CONFIG_FILE} here; make a project with `ticketloom init`")
        return cls(root, read_config(path))

    def with_functions(self, modules: Sequence[str] | None) -> "Workspace":
        """The project with the functions of these modules and files alone, in place of its own.

        A file is named from the current folder. Without modules, the project as it is.
        """
        if not modules:
            return self
        named = [str(Path(name).resolve()) if name.endswith(".py") else name for name in modules]
        lfs = self.config.lfs.model_copy(update={"modules": tuple(named), "examples": (), "datasets": None})
        seeds = self.config.seeds.model_copy(update={"enabled": False})
        return replace(self, config=self.config.model_copy(update={"lfs": lfs, "seeds": seeds}))

    @property
    def tickets(self) -> Path:
        return self.root / "tickets.parquet"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine.jsonl"

    @property
    def reviews(self) -> Path:
        return self.root / "reviews.db"

    @property
    def export(self) -> Path:
        return self.root / "export"

    @property
    def cache(self) -> Path:
        """What can be made anew at any time."""
        return self.root / "cache"

    def run(self, name: str) -> Path:
        """The folder of one run's stages."""
        return self.root / "runs" / name

    def path(self, name: str) -> Path:
        """A path as a setting gives it: relative ones start at the project's folder."""
        return self.root / Path(name).expanduser()
