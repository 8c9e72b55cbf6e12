"""The access patterns: every question and every write that Tavola asks of its table.

Each is declared once: what it answers, its key condition, what it costs in DynamoDB request units
(for items under 1 KB), and the function that builds its operation. An operation carries its
pattern's name; metrics, costs and documentation are keyed by it. Reads come first, then what people
write, then what the feed does.
"""

from tavola.core.patterns.declared import *  # noqa: F403, I001  # one place to ask, in this order
from tavola.core.patterns.reads import *  # noqa: F403  # one place to ask
from tavola.core.patterns.writes import *  # noqa: F403  # one place to ask
from tavola.core.patterns.feed import *  # noqa: F403  # one place to ask
