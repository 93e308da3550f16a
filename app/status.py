"""What a project holds, and which stages of a run are built."""

from pathlib import Path
from typing import Any

from rich.table import Table

from app.console import table
from app.stages import ledger
from data.store import MANIFEST, read_json
from data.tickets import open_tickets
from data.workspace import Workspace


def project_status(workspace: Workspace, run: str) -> dict[str, Any]:
    """Tickets, human labels and finished stages."""
    has_tickets = workspace.tickets.is_file()
    return {
        "project": str(workspace.root.resolve()),
        "tickets": open_tickets(workspace.tickets).metadata.num_rows if has_tickets else 0,
        "human_labels": len(ledger(workspace).events()),
        "stages": _stages(workspace.run(run)),
        "exported": (workspace.export / MANIFEST).is_file(),
    }


def _stages(folder: Path) -> dict[str, dict[str, Any]]:
    manifests = sorted(folder.rglob(MANIFEST), key=lambda path: path.stat().st_mtime)
    finished = [
        path for path in manifests if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    return {str(path.parent.relative_to(folder)): read_json(path)["summary"] for path in finished}


def status_table(status: dict[str, Any]) -> Table:
    rows = [
        ["tickets", str(status["tickets"])],
        ["human labels", str(status["human_labels"])],
        *([f"stage {name}", "built"] for name in status["stages"]),
        ["export", "built" if status["exported"] else "not yet"],
    ]
    return table(status["project"], ["", ""], rows)
