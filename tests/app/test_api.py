"""The HTTP API over an exported classifier."""

import json

import pytest
from fastapi.testclient import TestClient

from app.api import LONGEST, MOST_TEXTS, make_api
from data.schema import support_schema
from model.runtime import Classifier


@pytest.fixture(scope="module")
def classifier(project):
    return Classifier.load(project / "export", threads=1)


@pytest.fixture(scope="module")
def client(classifier):
    with TestClient(make_api(classifier), raise_server_exceptions=False) as client:
        yield client


def test_each_text_is_answered_in_order(client, classifier):
    texts = ["charged twice", "", "thank you 🎉", "<b>bag</b> &amp; co"]
    answer = client.post("/v1/predict", json={"texts": texts})
    assert answer.status_code == 200
    expected = [{task: p.to_dict() for task, p in row.items()} for row in classifier.predict(texts)]
    assert answer.json() == {"predictions": expected}
    assert list(answer.json()["predictions"][0]) == list(support_schema().names)


def test_the_schema_and_the_health_are_told(client):
    assert client.get("/v1/schema").json() == {"tasks": support_schema().to_list()}
    assert client.get("/healthz").json() == {"status": "ok"}
    assert "/v1/predict" in client.get("/openapi.json").json()["paths"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"texts": []}',
        '{"texts": "one"}',
        '{"texts": [1]}',
        '{"texts": [null]}',
        '{"texts": [NaN]}',
        json.dumps({"texts": ["x"] * (MOST_TEXTS + 1)}),
    ],
)
def test_what_is_no_request_is_refused_with_422(client, body):
    answer = client.post("/v1/predict", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422 and answer.json()["detail"]


def test_bytes_that_are_no_text_are_refused(client):
    answer = client.post(
        "/v1/predict", content=b'{"texts": ["\xff"]}', headers={"content-type": "application/json"}
    )
    assert answer.status_code in (400, 422)


def test_a_refusal_does_not_send_the_input_back(client):
    answer = client.post("/v1/predict", json={"texts": "secret"})
    assert answer.status_code == 422 and "secret" not in answer.text


def test_a_lone_surrogate_is_answered(client):
    answer = client.post(
        "/v1/predict", content='{"texts": ["\\ud800 hi"]}', headers={"content-type": "application/json"}
    )
    assert answer.status_code == 200 and len(answer.json()["predictions"]) == 1


def test_as_many_texts_as_allowed_are_answered(client):
    answer = client.post("/v1/predict", json={"texts": ["x"] * MOST_TEXTS})
    assert len(answer.json()["predictions"]) == MOST_TEXTS


def test_a_long_text_is_cut_and_answered(client):
    long = "word " * LONGEST
    cut, whole = client.post("/v1/predict", json={"texts": [long[:LONGEST], long]}).json()["predictions"]
    assert cut == whole


def test_other_paths_and_methods_are_refused(client):
    assert client.get("/v1/predict").status_code == 405
    assert client.get("/nothing").status_code == 404
