"""The controlled vocabularies of associations', agencies' and specialists' desks."""

from __future__ import annotations

from matchmaker.domain.term import Vocabulary

SECONDMENT_STATES = Vocabulary(
    "secondment_state",
    ("proposed", "待企业同意", "Waiting for the firm"),
    ("active", "派驻中", "In force"),
    ("declined", "企业未同意", "Declined by the firm"),
    ("ended", "已结束", "Ended"),
)

MEMBERSHIP_STATES = Vocabulary(
    "membership_state",
    ("requested", "企业申请加入", "Requested by the firm"),
    ("invited", "协会邀请加入", "Invited by the association"),
    ("active", "会员", "Member"),
    ("declined", "未加入", "Did not come about"),
    ("left", "已退出", "Left"),
)

REFERRAL_STATES = Vocabulary(
    "referral_state",
    ("recommended", "已荐给企业", "Recommended to the firm"),
    ("wanted", "待经纪人受理", "Waiting for a broker"),
    ("taken", "经纪人已受理", "Taken up by a broker"),
    ("declined", "未采用", "Declined"),
)

SHARE_STATES = Vocabulary(
    "share_state",
    ("proposed", "待对方同意", "Waiting for the other broker"),
    ("agreed", "双方已约定", "Agreed by both"),
    ("declined", "对方未同意", "Declined"),
    ("withdrawn", "已撤回", "Taken back"),
)
