"""The pool: which tickets are unlabeled, out for review, labeled, or skipped."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from data.errors import ReviewError, listed


@dataclass(frozen=True)
class Pool:
    """Four disjoint sets of ticket ids; every transition returns a new pool.

    >>> pool = Pool.of(["a", "b", "c"]).ask(["a", "b"]).answer(["a"])
    >>> sorted(pool.unlabeled), sorted(pool.pending), sorted(pool.labeled)
    (['c'], ['b'], ['a'])
    """

    unlabeled: frozenset[str]
    pending: frozenset[str] = frozenset()
    labeled: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()

    @classmethod
    def of(cls, ticket_ids: Iterable[str], labeled: Iterable[str] = ()) -> "Pool":
        """A pool of unlabeled tickets, of which some are labeled already."""
        labeled = frozenset(labeled)
        return cls(frozenset(ticket_ids) - labeled, labeled=labeled)

    def ask(self, ticket_ids: Iterable[str]) -> "Pool":
        """Unlabeled tickets go out for review."""
        asked = self._all_in(ticket_ids, self.unlabeled, "unlabeled")
        return replace(self, unlabeled=self.unlabeled - asked, pending=self.pending | asked)

    def answer(self, ticket_ids: Iterable[str]) -> "Pool":
        """Pending tickets come back labeled."""
        answered = self._all_in(ticket_ids, self.pending, "pending")
        return replace(self, pending=self.pending - answered, labeled=self.labeled | answered)

    def skip(self, ticket_ids: Iterable[str]) -> "Pool":
        """Pending tickets come back without a label; they are not asked again."""
        skipped = self._all_in(ticket_ids, self.pending, "pending")
        return replace(self, pending=self.pending - skipped, skipped=self.skipped | skipped)

    def _all_in(self, ticket_ids: Iterable[str], place: frozenset[str], name: str) -> frozenset[str]:
        wanted = frozenset(ticket_ids)
        if wanted - place:
            raise ReviewError(f"these tickets are not {name} in the pool: {listed(sorted(wanted - place))}")
        return wanted
