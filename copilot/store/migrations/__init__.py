"""The migrations of the database, in order, each tested from a stored file. Append only: a shipped one never changes.

Imported only when a file is not up to date.
"""

from __future__ import annotations

from sqlite_utils import Migrations

from copilot.store.migrations import (
    m001_first_schema,
    m002_reply_versions,
    m003_knowledge_sources,
    m004_view_counts,
    m005_vectors,
    m006_article_vectors,
    m007_ratings,
    m008_model_calls,
    m009_corrections,
    m010_dispatches,
    m011_customers,
)

migrations = Migrations("sidedesk")

_IN_ORDER = (
    m001_first_schema,
    m002_reply_versions,
    m003_knowledge_sources,
    m004_view_counts,
    m005_vectors,
    m006_article_vectors,
    m007_ratings,
    m008_model_calls,
    m009_corrections,
    m010_dispatches,
    m011_customers,
)
for _number, _migration in enumerate(_IN_ORDER, start=1):
    _name = _migration.__name__.rpartition(".")[2]
    if not _name.startswith(f"m{_number:03}_"):
        raise ImportError(f"migration {_name} stands at place {_number}")
    migrations(name=_name)(_migration.apply)
