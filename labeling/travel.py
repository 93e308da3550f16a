"""How labeling functions travel to other processes; cloudpickle's only importer.

What is pickled is read by the process that it is sent to and is stored nowhere.
"""

from collections.abc import Sequence
from types import ModuleType

from cloudpickle import dumps, register_pickle_by_value

from data.errors import LabelingError, listed
from labeling.lf import BoundLF


def take_along(module: ModuleType) -> None:
    """Functions of a file that no other process can import travel whole."""
    register_pickle_by_value(module)


def stay_behind(lfs: Sequence[BoundLF]) -> dict[str, str]:
    """The functions that cannot travel, such as those that hold a lock or an open file, each with why."""
    found = {}
    for lf in lfs:
        try:
            dumps(lf)
        except Exception as error:
            found[f"{lf.bound_task().name}.{lf.name}"] = f"{type(error).__name__}: {error}"
    return found


def check_travel(lfs: Sequence[BoundLF]) -> None:
    """Raises LabelingError that names the functions that cannot travel."""
    if left := stay_behind(lfs):
        why = listed(f"'{name}' ({reason})" for name, reason in left.items())
        raise LabelingError(
            f"labeling functions that cannot be sent to another process: {why}; make what they hold when "
            "they are called, or use one process (--workers 1)"
        )
