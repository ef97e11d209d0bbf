"""What may happen to whom, written down a second time, independently of the permission table.

The life-cycle test holds every audit row and every stored row against these lists.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final

# noun → action → (who, {state before: state after}); people as in ``pair.PEOPLE``.
Edges = dict[str, tuple[str, dict[str | None, str | None]]]

_FIRM = "company colleague"
_SCHOOL = "researcher manager"
_BROKERS = "broker other_broker"
_ALL = f"{_FIRM} {_SCHOOL} broker"
_OPEN = (
    *("mutual", "nda", "disclosed", "meeting", "validation", "term_sheet", "drafting"),
    *("publicity", "signed", "registered", "performing"),
)
_RESTING = _OPEN[:9]

ALLOWED: Final[dict[str, Edges]] = {
    "demand": {
        "submit": (_FIRM, {"draft": "submitted", "returned": "submitted"}),
        "publish": (f"{_BROKERS} bureau", {"submitted": "published"}),
        "return": (f"{_BROKERS} bureau", {"submitted": "returned"}),
        "withdraw": (
            _FIRM,
            dict.fromkeys(("submitted", "published", "returned", "engaged"), "withdrawn"),
        ),
        "reopen": (_FIRM, dict.fromkeys(("withdrawn", "expired", "resolved"), "draft")),
        "engage": ("system", {"published": "engaged", "contracted": "engaged"}),
        "relist": ("system", {"engaged": "published", "contracted": "published"}),
        "contract": ("system", {"published": "contracted", "engaged": "contracted"}),
        "resolve": (
            f"{_FIRM} system",
            dict.fromkeys(("published", "engaged", "contracted"), "resolved"),
        ),
        "expire": ("system", {"published": "expired"}),
        "delete": (_FIRM, {"draft": None}),
    },
    "outcome": {
        "submit": (
            _SCHOOL,
            {"draft": "institution_review", "changes_requested": "institution_review"},
        ),
        "approve": ("manager bureau", {"institution_review": "published"}),
        "request_changes": ("manager bureau", {"institution_review": "changes_requested"}),
        "withdraw": (
            _SCHOOL,
            dict.fromkeys(("institution_review", "published", "changes_requested"), "withdrawn"),
        ),
        "reopen": (_SCHOOL, dict.fromkeys(("withdrawn", "expired"), "draft")),
        "expire": ("system", {"published": "expired"}),
        "delete": (_SCHOOL, {"draft": None}),
    },
    "match": {
        "accept": (_BROKERS, {"suggested": "accepted", "snoozed": "accepted"}),
        "dismiss": (_BROKERS, {"suggested": "dismissed", "snoozed": "dismissed"}),
        "snooze": (_BROKERS, {"suggested": "snoozed"}),
        "wake": (f"{_BROKERS} system", {"snoozed": "suggested"}),
        "undo": (_BROKERS, dict.fromkeys(("accepted", "dismissed", "snoozed"), "suggested")),
    },
    "introduction": {
        "ask": (_BROKERS, {None: "asked"}),
        "accept": (f"{_FIRM} {_SCHOOL}", {"asked": "asked"}),
        "decline": (f"{_FIRM} {_SCHOOL}", {"asked": "declined"}),
        "withdraw": (_BROKERS, {"asked": "withdrawn"}),
        "conclude": ("system", {"asked": "mutual"}),
        "lapse": ("system", {"asked": "lapsed"}),
        "remind": ("system", {None: None}),
    },
    "engagement": {
        "begin": (f"{_FIRM} {_SCHOOL}", {None: "mutual"}),
        "accept_nda": (f"{_FIRM} {_SCHOOL}", {"mutual": "mutual"}),
        "conclude_nda": ("system", {"mutual": "nda"}),
        "disclose": (_ALL, {"nda": "disclosed"}),
        "meet": (_ALL, {"disclosed": "meeting"}),
        "validate": (f"{_FIRM} broker", {"meeting": "validation"}),
        "agree_terms": (_ALL, {"meeting": "term_sheet", "validation": "term_sheet"}),
        "draft": (_ALL, dict.fromkeys(("meeting", "validation", "term_sheet"), "drafting")),
        "publicise": (f"{_SCHOOL} broker", {"drafting": "publicity"}),
        "sign": (_ALL, {"drafting": "signed", "publicity": "signed"}),
        "register": (_ALL, {"signed": "registered"}),
        "perform": (_ALL, {"registered": "performing"}),
        "complete": (f"{_FIRM} broker", {"performing": "completed"}),
        "plan_next": (_ALL, {state: state for state in _OPEN}),
        "lose": (_ALL, dict.fromkeys((*_OPEN, "dormant"), "lost")),
        "rest": ("system", dict.fromkeys(_RESTING, "dormant")),
        "remind": ("system", {None: None}),
        "write": (_ALL, {None: None}),
    },
    "meeting": {
        "plan": (_ALL, {None: "planned"}),
        "move": (_ALL, {"planned": "planned"}),
        "hold": (_ALL, {"planned": "held"}),
        "cancel": (_ALL, {"planned": "cancelled"}),
        "remind": ("system", {None: None}),
    },
}
_AFTER_NDA: Final = frozenset(_OPEN[1:]) | {"completed"}
_AFTER_MEETING: Final = frozenset(_OPEN[3:]) | {"completed"}


def is_allowed(noun: str, action: str, who: str, before: str | None, after: str | None) -> bool:
    """Whether somebody may have led a noun from a state to a state by an action."""
    if (noun, action) == ("engagement", "wake"):  # back to whatever state it had
        return who in _ALL.split() and before == "dormant" and after in _RESTING
    row = ALLOWED.get(noun, {}).get(action)
    if row is None or who not in row[0].split():
        return False
    return before in row[1] and row[1][before] == after


def illegal_rows(connection: sqlite3.Connection) -> list[str]:
    """Everything in the tables that must never be, looked at without the platform's own code."""

    def rows(statement: str) -> list[Any]:
        return connection.execute(statement).fetchall()

    found = [
        f"{name}: {[dict(row) for row in wrong]}"
        for name, statement in _NEVER.items()
        if (wrong := rows(statement))
    ]
    accepted: dict[int, set[str]] = {}
    for row in rows("SELECT engagement_id, side FROM nda_acceptance"):
        accepted.setdefault(row["engagement_id"], set()).add(row["side"])
    held = {row["engagement_id"] for row in rows("SELECT * FROM meeting WHERE state = 'held'")}
    for row in rows("SELECT id, state, dormant_from FROM engagement"):
        stage = row["dormant_from"] or row["state"]
        if stage in _AFTER_NDA and accepted.get(row["id"]) != {"company", "institution"}:
            found.append(f"engagement {row['id']} is {stage} without both acceptances")
        if stage in _AFTER_MEETING and row["id"] not in held:
            found.append(f"engagement {row['id']} is {stage} without a meeting")
    return found


_NEVER: Final = {
    "an open question about a record that is not published or a match that is not accepted": """
        SELECT i.id FROM introduction i JOIN demand d ON d.id = i.demand_id
        JOIN outcome o ON o.id = i.outcome_id JOIN match m ON m.id = i.match_id
        WHERE i.state = 'asked'
        AND NOT (d.state IN ('published', 'engaged') AND o.state = 'published')
           OR m.state <> 'accepted'""",
    "an introduction that is not about its match": """
        SELECT i.id FROM introduction i JOIN match m ON m.id = i.match_id
        JOIN demand d ON d.id = m.demand_id JOIN outcome o ON o.id = m.outcome_id
        WHERE i.demand_id <> d.id OR i.outcome_id <> o.id
           OR i.company_id <> d.organisation_id OR i.institution_id <> o.organisation_id""",
    "an answer by somebody of another side": """
        SELECT i.id FROM introduction i
        LEFT JOIN "user" c ON c.id = i.company_answered_by
        LEFT JOIN "user" r ON r.id = i.institution_answered_by
        WHERE c.organisation_id <> i.company_id OR r.organisation_id <> i.institution_id
           OR r.id <> i.researcher_id AND NOT r.is_manager""",
    "an answer after the time was over": """
        SELECT id FROM introduction
        WHERE company_answered_at > due_at OR institution_answered_at > due_at""",
    "both accepted and not mutual, or one declined and not declined": """
        SELECT id FROM introduction WHERE
        (company_answer = 'accepted' AND institution_answer = 'accepted') IS TRUE
            <> (state = 'mutual')
        OR (COALESCE(company_answer, '') = 'declined'
            OR COALESCE(institution_answer, '') = 'declined') <> (state = 'declined')""",
    "two open questions about one match": """
        SELECT match_id FROM introduction WHERE state = 'asked' GROUP BY match_id
        HAVING COUNT(*) > 1""",
    "a question while the two are engaged": """
        SELECT i.id FROM introduction i JOIN engagement e
        ON e.demand_id = i.demand_id AND e.outcome_id = i.outcome_id
        WHERE i.state = 'asked' AND e.state NOT IN ('lost', 'completed')""",
    "mutual without exactly one engagement, or an engagement without": """
        SELECT i.id FROM introduction i LEFT JOIN engagement e ON e.introduction_id = i.id
        GROUP BY i.id, i.state HAVING COUNT(e.id) <> (i.state = 'mutual')""",
    "an engagement between other parties than its introduction": """
        SELECT e.id FROM engagement e JOIN introduction i ON i.id = e.introduction_id
        WHERE (e.company_id, e.institution_id, e.broker_id, e.demand_id, e.outcome_id) <>
              (i.company_id, i.institution_id, i.broker_id, i.demand_id, i.outcome_id)""",
    "two open engagements of one pair": """
        SELECT demand_id FROM engagement WHERE state NOT IN ('lost', 'completed')
        GROUP BY demand_id, outcome_id HAVING COUNT(*) > 1""",
    "a message by somebody who is no party": """
        SELECT m.id FROM engagement_message m JOIN engagement e ON e.id = m.engagement_id
        JOIN "user" u ON u.id = m.author_id
        WHERE u.id <> e.broker_id AND u.organisation_id NOT IN (e.company_id, e.institution_id)""",
    "a demand that stands elsewhere than its talks since it was published": """
        SELECT d.id FROM demand d LEFT JOIN engagement e
        ON e.demand_id = d.id AND (e.closed_at IS NULL OR e.closed_at >= d.published_at)
        AND e.state <> 'lost'
        WHERE d.state IN ('published', 'engaged', 'contracted') GROUP BY d.id, d.state
        HAVING d.state <> CASE
            WHEN SUM(COALESCE(e.dormant_from, e.state)
                IN ('signed', 'registered', 'performing')) > 0 THEN 'contracted'
            WHEN COUNT(e.id) > 0 THEN 'engaged' ELSE 'published' END
        OR SUM(COALESCE(e.state, '') = 'completed') > 0""",
    "minutes of a meeting that had not begun": """
        SELECT id FROM meeting WHERE state = 'held' AND closed_at < starts_at""",
}
