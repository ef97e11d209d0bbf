"""The controlled vocabularies of technical contracts, like those of ``domain/vocabulary.py``."""

from __future__ import annotations

from matchmaker.domain.term import Vocabulary

CONTRACT_TYPES = Vocabulary(
    "contract_type",
    ("development", "技术开发", "Technology development"),
    ("transfer", "技术转让", "Technology transfer"),
    ("licence", "技术许可", "Technology licence"),
    ("consulting", "技术咨询", "Technical consulting"),
    ("service", "技术服务", "Technical service"),
)

DEVELOPMENT_KINDS = Vocabulary(
    "development_kind",
    ("commissioned", "委托开发", "Commissioned"),
    ("joint", "合作开发", "Joint"),
)

CONTRACT_STATES = Vocabulary(
    "contract_state",
    ("draft", "起草中", "Draft"),
    ("confirmed", "双方已确认", "Confirmed by both"),
    ("signed", "已签订", "Signed"),
    ("registered", "已登记", "Registered"),
    ("void", "已作废", "Void"),
)

PAYMENT_MODES = Vocabulary(
    "payment_mode",
    ("lump_sum", "一次总付", "Lump sum"),
    ("instalments", "分期支付", "Instalments"),
    ("royalty", "提成支付", "Royalty"),
    ("mixed", "入门费加提成", "Entry fee and royalty"),
)

IP_OWNERSHIPS = Vocabulary(
    "ip_ownership",
    ("company", "归企业所有", "The company owns it"),
    ("institution", "归院所所有", "The institution owns it"),
    ("joint", "双方共有", "Both own it together"),
    ("separate", "按约定分别归属", "Divided as agreed"),
    ("unchanged", "原权属不变", "Ownership stays as it is"),
)

RELATED_DECLARATIONS = Vocabulary(
    "related_declaration",
    ("none", "双方无关联关系", "The parties are not related"),
    ("related", "双方存在关联关系", "The parties are related"),
)

REWARD_BASES = Vocabulary(
    "reward_basis",
    ("net_income", "转让、许可净收入", "Net income from transfer or licence"),
    ("equity", "作价投资形成的股份或出资比例", "Shares from a contribution as equity"),
    ("profit", "实施成果的营业利润", "Operating profit from implementation"),
    ("agreed", "按单位规定或约定", "As the institution's rules or an agreement say"),
)

CHECK_STATES = Vocabulary(
    "check_state",
    ("met", "已具备", "Met"),
    ("missing", "缺少", "Missing"),
    ("doubt", "请核对", "Please check"),
    ("bring", "办理时备齐", "Have it ready"),
)
