"""The controlled vocabularies of challenges, like those of ``domain/vocabulary.py``."""

from __future__ import annotations

from matchmaker.domain.term import Vocabulary

CHALLENGE_STATES = Vocabulary(
    "challenge_state",
    ("draft", "起草中", "Draft"),
    ("argued", "已论证", "Argued"),
    ("published", "揭榜中", "Open for bids"),
    ("closed", "已截止", "Closed for bids"),
    ("scoring", "评审中", "Being scored"),
    ("publicity", "公示中", "In publicity"),
    ("awarded", "实施中", "Awarded"),
    ("midterm", "已中期检查", "Past midterm"),
    ("accepted", "验收通过", "Accepted"),
    ("not_accepted", "未通过验收", "Not accepted"),
    ("withdrawn", "已撤榜", "Withdrawn"),
    ("failed", "流榜", "Failed"),
)

CHALLENGE_BID_STATES = Vocabulary(
    "challenge_bid_state",
    ("draft", "草稿", "Draft"),
    ("submitted", "已提交", "Submitted"),
    ("withdrawn", "已撤回", "Withdrawn"),
    ("barred", "已取消资格", "Barred"),
    ("awarded", "中榜", "Won"),
    ("declined", "未中榜", "Not chosen"),
)

CHALLENGE_CONSENTS = Vocabulary(
    "challenge_consent",
    ("asked", "待企业同意", "Consent asked"),
    ("given", "企业已同意", "Consent given"),
    ("refused", "企业不同意", "Consent refused"),
)

CHALLENGE_CRITERIA = Vocabulary(
    "challenge_criterion",
    ("drive", "产业带动作用", "Effect on the industry"),
    ("base", "研究基础", "Research base"),
    ("technical", "技术指标", "Technical indicators"),
    ("financial", "财务指标", "Financial indicators"),
)

CHALLENGE_SCORE_STATES = Vocabulary(
    "challenge_score_state",
    ("draft", "暂存", "Saved"),
    ("submitted", "已提交", "Submitted"),
)

CHALLENGE_CONFLICTS = Vocabulary(
    "challenge_conflict",
    ("own_bid", "本人参与揭榜", "Takes part in a bid"),
    ("same_organisation", "与揭榜方同单位", "Same organisation as the team"),
    ("demander", "需求方单位人员", "Belongs to the firm that demands"),
    ("co_worker", "与团队成员有合作成果", "Has worked with the team"),
    ("declared", "本人申报回避", "Declared a conflict"),
)

CHALLENGE_OBJECTION_STATES = Vocabulary(
    "challenge_objection_state",
    ("open", "待答复", "Waiting"),
    ("upheld", "异议成立", "Upheld"),
    ("dismissed", "异议不成立", "Not upheld"),
)

MIDTERM_VERDICTS = Vocabulary(
    "midterm_verdict",
    ("on_track", "按计划推进", "On track"),
    ("conditional", "整改后继续", "Goes on under conditions"),
)
