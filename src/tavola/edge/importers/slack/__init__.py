"""Import of a Slack workspace's export: a zip of JSON files.

`archive` opens and checks it, `plan` says what is in it, `text` and `entries` make messages of its
entries, `load` writes them. Ids are Slack's; a message's id is derived from its channel and time.
"""
