"""The table's model for other tools and for people, derived from the declared table.

Every module makes one form of it. All of them are pure: what is declared in `table`, `entities` and
`patterns` goes in, a document comes out. There is no second list of entities here.
"""

from tavola.core.model.cloudformation import cloudformation
from tavola.core.model.markdown import markdown
from tavola.core.model.mermaid import mermaid
from tavola.core.model.workbench import workbench

__all__ = ["cloudformation", "markdown", "mermaid", "workbench"]
