"""The HTTP API over an exported classifier."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from model.runtime import Classifier

MOST_TEXTS, LONGEST = 256, 10_000


class PredictRequest(BaseModel):
    """Raw texts, cleaned by the server as in training."""

    texts: list[str] = Field(min_length=1, max_length=MOST_TEXTS, examples=[["no signal since this morning"]])


def make_api(classifier: Classifier) -> FastAPI:
    """The API as a value: POST /v1/predict, GET /v1/schema, GET /healthz."""
    api = FastAPI(title="ticketloom", version="1")

    @api.post("/v1/predict")
    def predict(request: PredictRequest) -> dict[str, Any]:
        """Label and confidence of every task for each text."""
        texts = [text[:LONGEST] for text in request.texts]
        predictions = classifier.predict(texts)
        return {"predictions": [{task: p.to_dict() for task, p in row.items()} for row in predictions]}

    @api.exception_handler(RequestValidationError)
    def refuse(request: Request, error: RequestValidationError) -> JSONResponse:
        """422 with what is wrong and where; the input, which may be no JSON (NaN), is not sent back."""
        detail = [{key: problem[key] for key in ("type", "loc", "msg")} for problem in error.errors()]
        return JSONResponse({"detail": detail}, status_code=422)

    @api.get("/v1/schema")
    def schema() -> dict[str, Any]:
        """The tasks and their labels."""
        return {"tasks": classifier.schema.to_list()}

    @api.get("/healthz")
    def health() -> dict[str, str]:
        """Whether the server answers."""
        return {"status": "ok"}

    return api
