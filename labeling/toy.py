"""The one toy matrix of every docstring: five tickets, three labeling functions, two labels."""

import numpy as np

from data.schema import Task
from labeling.votes import Votes

TOY = Votes(
    Task("urgency", ("calm", "urgent"), ("can wait", "cannot wait")),
    ("t1", "t2", "t3", "t4", "t5"),
    ("asap", "polite", "capitals"),
    np.array([[0, 0, 1], [1, -1, 1], [0, 0, -1], [-1, -1, -1], [1, 0, 1]], np.int8),
)
