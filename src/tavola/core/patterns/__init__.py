"""The access patterns: every question and every write that Tavola asks of its table.

Each is declared once: what it answers, its key condition, what it costs in DynamoDB request units
(for items under 1 KB), and the function that builds its operation. An operation carries its
pattern's name; metrics, costs and documentation are keyed by it. All are names of this package,
whichever of its modules declares them.
"""

from tavola.core.patterns.conversations import *  # noqa: F403 - one namespace
from tavola.core.patterns.declared import BUILDERS as BUILDERS
from tavola.core.patterns.declared import PATTERNS as PATTERNS
from tavola.core.patterns.directory import *  # noqa: F403 - one namespace
from tavola.core.patterns.doctor import *  # noqa: F403 - one namespace
from tavola.core.patterns.erasing import *  # noqa: F403 - one namespace
from tavola.core.patterns.feed import *  # noqa: F403 - one namespace
from tavola.core.patterns.groups import *  # noqa: F403 - one namespace
from tavola.core.patterns.identities import *  # noqa: F403 - one namespace
from tavola.core.patterns.inbox import *  # noqa: F403 - one namespace
from tavola.core.patterns.operators import *  # noqa: F403 - one namespace
from tavola.core.patterns.rules import *  # noqa: F403 - one namespace
