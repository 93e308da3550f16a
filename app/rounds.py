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


def _round(folder: Path) -> str:
    return folder.parts[-2].removeprefix("round-")
