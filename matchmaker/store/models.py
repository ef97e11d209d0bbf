"""Every table, imported once so that the metadata is complete."""

from matchmaker.store.adoption import ModelAdoption
from matchmaker.store.assignment import BrokerProfile, PastAssignment
from matchmaker.store.audit import AuditCheck, AuditEvent, AuditHead, AuditRoot
from matchmaker.store.base import Base
from matchmaker.store.challenge import (
    Challenge,
    ChallengeBid,
    ChallengeConflict,
    ChallengeDemand,
    ChallengeExpert,
    ChallengeObjection,
    ChallengeScore,
)
from matchmaker.store.change import Change, Embedding, Progress
from matchmaker.store.common_need import CommonNeed, CommonNeedDemand, NeedConsent, NeedRun
from matchmaker.store.contract import (
    Contract,
    ContractPayment,
    ContractRevision,
    ContractReward,
)
from matchmaker.store.demand import Demand, DemandChain, DemandIndicator, DemandRecipient
from matchmaker.store.disclosure import DisclosureGrant, DisclosureReceipt
from matchmaker.store.duplicate import Duplicate
from matchmaker.store.engagement import (
    Attachment,
    CalendarToken,
    Engagement,
    EngagementMessage,
    EngagementStep,
    Meeting,
    NdaAcceptance,
)
from matchmaker.store.evaluation import Evaluation
from matchmaker.store.event import Event, EventMeeting, EventParty
from matchmaker.store.figure import FigureEvent, FigureSum, FigureTarget
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.membership import Membership, Referral
from matchmaker.store.next_step import Alert, AlertSent, NextStep
from matchmaker.store.notification import Notification, NotificationSetting
from matchmaker.store.organisation import AccountToken, LoginSession, Organisation, User
from matchmaker.store.outbox import OutboxMail
from matchmaker.store.outcome import Outcome, OutcomeChain, OutcomeIndicator, OutcomeMode
from matchmaker.store.placement import Placement
from matchmaker.store.plan import ChainRow, RegionRow
from matchmaker.store.question import Question
from matchmaker.store.revision import ReturnedVersion
from matchmaker.store.saved_search import SavedSearch, SavedSearchTold
from matchmaker.store.secondment import Diagnosis, Secondment, Visit
from matchmaker.store.share import Share

__all__ = [
    "AccountToken",
    "Alert",
    "AlertSent",
    "Attachment",
    "AuditCheck",
    "AuditEvent",
    "AuditHead",
    "AuditRoot",
    "Base",
    "BrokerProfile",
    "CalendarToken",
    "ChainRow",
    "Challenge",
    "ChallengeBid",
    "ChallengeConflict",
    "ChallengeDemand",
    "ChallengeExpert",
    "ChallengeObjection",
    "ChallengeScore",
    "Change",
    "CommonNeed",
    "CommonNeedDemand",
    "Contract",
    "ContractPayment",
    "ContractRevision",
    "ContractReward",
    "Demand",
    "DemandChain",
    "DemandIndicator",
    "DemandRecipient",
    "Diagnosis",
    "DisclosureGrant",
    "DisclosureReceipt",
    "Duplicate",
    "Embedding",
    "Engagement",
    "EngagementMessage",
    "EngagementStep",
    "Evaluation",
    "Event",
    "EventMeeting",
    "EventParty",
    "FigureEvent",
    "FigureSum",
    "FigureTarget",
    "Introduction",
    "LoginSession",
    "Match",
    "Meeting",
    "Membership",
    "ModelAdoption",
    "NdaAcceptance",
    "NeedConsent",
    "NeedRun",
    "NextStep",
    "Notification",
    "NotificationSetting",
    "Organisation",
    "OutboxMail",
    "Outcome",
    "OutcomeChain",
    "OutcomeIndicator",
    "OutcomeMode",
    "PastAssignment",
    "Placement",
    "Progress",
    "Question",
    "Referral",
    "RegionRow",
    "ReturnedVersion",
    "SavedSearch",
    "SavedSearchTold",
    "Secondment",
    "Share",
    "User",
    "Visit",
]
