"""`ticketloom serve`: the exported classifier over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.predict import export_folder
from app.console import console


def serve(
    ctx: typer.Context,
    model: Annotated[Path | None, typer.Option(help="An export; the project's by default.")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on; loopback by default.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
) -> None:
    """Serves predictions: POST /v1/predict, GET /v1/schema, GET /healthz."""
    import uvicorn

    from app.api import make_api
    from model.runtime import Classifier

    classifier = Classifier.load(model or export_folder(ctx))
    console.print(f"serving on http://{host}:{port}, API at /docs")
    uvicorn.run(make_api(classifier), host=host, port=port, log_level="warning")
