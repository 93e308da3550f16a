"""The rounds of a project's runs in which a stage is finished."""

from pathlib import Path

from data.store import MANIFEST
from data.workspace import Workspace


def finished(workspace: Workspace, stage: str) -> dict[str, Path]:
    """RUN/round-N → the folder of that round's stage, rounds of a run in order."""
    manifests = (workspace.root / "runs").glob(f"*/round-*/{stage}/{MANIFEST}")
    folders = [path.parent for path in manifests if _round(path.parent).isdigit()]
    ranked = sorted(folders, key=lambda path: (path.parts[-3], int(_round(path))))
    return {f"{path.parts[-3]}/{path.parts[-2]}": path for path in ranked}


def last_round(workspace: Workspace, run: str, stage: str) -> int:
    """The last round of a run in which the stage is finished; 0 where it is in none."""
    rounds = [int(_round(path)) for path in finished(workspace, stage).values() if path.parts[-3] == run]
    return max(rounds, default=0)


def _round(folder: Path) -> str:
    return folder.parts[-2].removeprefix("round-")
