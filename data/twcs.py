"""Customer Support on Twitter: threads rebuilt from the seven columns of Kaggle's twcs.csv."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.readers import BadRow, Row, read_rows
from data.times import parse_time

COLUMNS = (
    "tweet_id",
    "author_id",
    "inbound",
    "created_at",
    "text",
    "response_tweet_id",
    "in_response_to_tweet_id",
)
_INBOUND = {"true": True, "false": False, "1": True, "0": False}
_NO_TIME = np.iinfo(np.int64).max
Rows = Callable[[], Iterator[Row | BadRow]]


@dataclass(frozen=True)
class Tweet:
    """One usable row of the file; `parent` is −1 for a message that answers none."""

    tweet_id: int
    author: str
    inbound: bool
    text: str
    parent: int
    responses: tuple[int, ...]
    created_at: Any


@dataclass(frozen=True)
class Threads:
    """How the messages of one file hang together: arrays over messages, sorted by tweet_id.

    `parent` and `answer` (the brand's first answer) are row positions, −1 for none;
    `root` is the position of the thread's first message; `opens` marks messages that answer nothing.
    """

    tweet_id: np.ndarray
    parent: np.ndarray
    root: np.ndarray
    answer: np.ndarray
    inbound: np.ndarray
    opens: np.ndarray

    def position(self, tweet_id: int) -> int:
        return int(np.searchsorted(self.tweet_id, tweet_id))


def is_twcs(columns: list[str]) -> bool:
    """Whether these are the columns of twcs.csv, in any order."""
    return set(COLUMNS) <= set(columns)


def twcs_tickets(path: Path, *, follow_ups: bool = False, encoding: str = "utf-8") -> Iterator[Any]:
    """Customers' messages as ticket fields (dicts), and `BadRow`s, in the order of the file.

    First messages of customers by default, with `follow_ups` every customer message. The brand is
    who first answered, else whom the message answers; its answer is attached as `brand_reply`.
    Three passes over the file; memory grows with the messages kept, not with their texts.
    """
    return _tickets(lambda: read_rows(path, encoding), path.stem, follow_ups)


def _tickets(rows: Rows, source: str, follow_ups: bool) -> Iterator[Any]:
    threads = read_threads(rows())
    wanted = threads.inbound & (threads.opens | follow_ups)
    replies = _texts_of(rows(), threads, threads.answer[wanted & (threads.answer >= 0)])
    seen = np.zeros(len(threads.tweet_id), bool)
    for row in rows():
        tweet = parse_tweet(row)
        if isinstance(tweet, BadRow):
            yield tweet
            continue
        at = threads.position(tweet.tweet_id)
        if seen[at]:
            yield BadRow(row.line, f"tweet_id was seen before in this file: {tweet.tweet_id}", tweet.text)
        elif wanted[at]:
            yield row.line, _ticket_fields(tweet, at, threads, replies, source)
        seen[at] = True


def parse_tweet(row: Row | BadRow) -> Tweet | BadRow:
    """The row as a tweet, or as a bad row with its reason."""
    if isinstance(row, BadRow):
        return row
    values = row.values
    try:
        tweet_id = _id(values.get("tweet_id"))
        inbound = _inbound(values.get("inbound"))
        parent = _id(values.get("in_response_to_tweet_id"), missing=-1)
        named = str(values.get("response_tweet_id") or "").split(",")
        responses = tuple(_id(part) for part in named if part.strip())
    except ValueError as error:
        return BadRow(row.line, str(error), str(values)[:500])
    author, text = str(values.get("author_id") or "").strip(), str(values.get("text") or "")
    if not author or not text.strip():
        return BadRow(row.line, "no author_id" if not author else "no text", str(values)[:500])
    return Tweet(tweet_id, author, inbound, text, parent, responses, values.get("created_at"))


def _inbound(value: object) -> bool:
    inbound = _INBOUND.get(str(value).strip().lower())
    if inbound is None:
        raise ValueError(f"inbound must be True or False, got {value!r}")
    return inbound


def _id(value: object, missing: int | None = None) -> int:
    text = str(value if value is not None else "").strip().removesuffix(".0")
    if not text and missing is not None:
        return missing
    if not text.isascii() or not text.isdigit() or len(text) > 19 or int(text) >= 2**63:
        raise ValueError(f"a tweet id is a whole number, got {text!r}")
    return int(text)


def read_threads(rows: Iterator[Row | BadRow]) -> Threads:
    """Rebuilds threads from one pass over the rows.

    A message's parent is what it says it answers, else the message that names it as a response.
    """
    ids, parents, times, inbound = array("q"), array("q"), array("q"), array("b")
    named, namers = array("q"), array("q")
    for row in rows:
        tweet = parse_tweet(row)
        if isinstance(tweet, BadRow):
            continue
        time = parse_time(tweet.created_at)
        ids.append(tweet.tweet_id)
        parents.append(tweet.parent)
        times.append(int(time.timestamp()) if time else _NO_TIME)
        inbound.append(tweet.inbound)
        named.extend(tweet.responses)
        namers.extend([tweet.tweet_id] * len(tweet.responses))
    tweet_id, first = np.unique(_np(ids), return_index=True)
    parent_id = _fill_parents(tweet_id, _np(parents)[first], _np(named), _np(namers))
    parent = _positions(tweet_id, parent_id)
    is_inbound = np.frombuffer(inbound, np.int8)[first].astype(bool) if len(first) else np.empty(0, bool)
    answer = _first_answers(parent, is_inbound, _np(times)[first])
    return Threads(tweet_id, parent, _roots(parent), answer, is_inbound, parent_id < 0)


def _np(values: "array[int]") -> np.ndarray:
    return np.frombuffer(values, np.int64) if len(values) else np.empty(0, np.int64)


def _fill_parents(ids: np.ndarray, parents: np.ndarray, named: np.ndarray, namers: np.ndarray) -> np.ndarray:
    parents = parents.copy()
    at = _positions(ids, named)
    usable = (at >= 0) & (named != namers)
    at, namers = at[usable][::-1], namers[usable][::-1]
    fill = parents[at] < 0
    parents[at[fill]] = namers[fill]
    return parents


def _positions(ids: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Positions of `wanted` in the sorted `ids`; −1 where absent."""
    if not len(ids):
        return np.full(len(wanted), -1, np.int64)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[at] == wanted, at, -1)


def _roots(parent: np.ndarray) -> np.ndarray:
    """Each row's thread root, by pointer doubling; that of a circle of answers is its lowest row.

    `low` is the lowest row passed on the way `up`; after log2(n) rounds the way has been round any circle.
    """
    low = np.arange(len(parent))
    up = np.where(parent >= 0, parent, low)
    for _ in range(max(1, len(parent)).bit_length()):
        higher = up[up]
        if (higher == up).all():
            break
        low, up = np.minimum(low, low[up]), higher
    return np.asarray(low[up])


def _first_answers(parent: np.ndarray, inbound: np.ndarray, times: np.ndarray) -> np.ndarray:
    """For each row the earliest brand message that answers it; −1 for none."""
    answer = np.full(len(parent), -1, np.int64)
    rows = np.flatnonzero((parent >= 0) & ~inbound)
    latest_first = rows[np.argsort(-times[rows], kind="stable")]
    answer[parent[latest_first]] = latest_first
    return answer


def _texts_of(rows: Iterator[Row | BadRow], threads: Threads, wanted: np.ndarray) -> dict[int, bytes]:
    """Author and text by position, for the positions wanted; as bytes, which take half the memory."""
    keep = np.zeros(len(threads.tweet_id), bool)
    keep[wanted] = True
    texts: dict[int, bytes] = {}
    for row in rows:
        tweet = parse_tweet(row)
        if isinstance(tweet, Tweet) and keep[at := threads.position(tweet.tweet_id)]:
            texts.setdefault(at, f"{tweet.author}\0{tweet.text}".encode("utf-8", "surrogatepass"))
    return texts


def _ticket_fields(
    tweet: Tweet, at: int, threads: Threads, replies: dict[int, bytes], source: str
) -> dict[str, Any]:
    answer = replies.get(int(threads.answer[at]))
    brand, _, reply = answer.decode("utf-8", "surrogatepass").partition("\0") if answer else (None, "", None)
    return {
        "ticket_id": str(tweet.tweet_id),
        "text": tweet.text,
        "brand": brand,
        "created_at": tweet.created_at,
        "conversation_id": str(threads.tweet_id[threads.root[at]]),
        "in_reply_to": None if threads.opens[at] else str(_parent_id(tweet, at, threads)),
        "brand_reply": reply,
        "source": source,
    }


def _parent_id(tweet: Tweet, at: int, threads: Threads) -> int:
    return tweet.parent if tweet.parent >= 0 else int(threads.tweet_id[threads.parent[at]])
