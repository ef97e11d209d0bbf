"""Every table, imported once so that the metadata is complete."""

from matchmaker.store.adoption import ModelAdoption
from matchmaker.store.audit import AuditEvent
from matchmaker.store.base import Base
from matchmaker.store.change import Change, Embedding, Progress
from matchmaker.store.demand import Demand, DemandChain, DemandIndicator, DemandRecipient
from matchmaker.store.duplicate import Duplicate
from matchmaker.store.evaluation import Evaluation
from matchmaker.store.match import Match
from matchmaker.store.next_step import Alert, AlertSent, NextStep
from matchmaker.store.organisation import AccountToken, LoginSession, Organisation, User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.outcome import Outcome, OutcomeChain, OutcomeIndicator, OutcomeMode
from matchmaker.store.plan import ChainRow, RegionRow
from matchmaker.store.revision import ReturnedVersion

__all__ = [
    "AccountToken",
    "Alert",
    "AlertSent",
    "AuditEvent",
    "Base",
    "ChainRow",
    "Change",
    "Demand",
    "DemandChain",
    "DemandIndicator",
    "DemandRecipient",
    "Duplicate",
    "Embedding",
    "Evaluation",
    "LoginSession",
    "Match",
    "ModelAdoption",
    "NextStep",
    "Organisation",
    "OutboxMail",
    "Outcome",
    "OutcomeChain",
    "OutcomeIndicator",
    "OutcomeMode",
    "Progress",
    "RegionRow",
    "ReturnedVersion",
    "User",
]
