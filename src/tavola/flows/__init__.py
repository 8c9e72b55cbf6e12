"""Use cases as generators: they yield operations, branch on results and return a reply. Pure."""
