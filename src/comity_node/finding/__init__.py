"""Words of texts, and how they are sought: the same for every script, database and reader.

Knows neither the framework nor the record. Why the words are made here and not by a database stands in
docs/adr/0018-words-are-made-here.md.
"""
