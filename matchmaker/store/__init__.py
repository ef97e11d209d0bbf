"""Persistence: SQLAlchemy 2 models, read queries, the unit of work, the audit and the outbox."""
