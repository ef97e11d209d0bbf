"""The field's controlled vocabularies: every stored code with its Chinese and English term.

A vocabulary is data, not interface text: the terms are those of the competent offices and forms, so
both languages stand side by side here and nowhere else. Codes are stored; terms are shown.
"""

from __future__ import annotations

from matchmaker.domain.term import Vocabulary

ROLES = Vocabulary(
    "role",
    ("company", "企业", "Company"),
    ("researcher", "科研人员", "Researcher"),
    ("broker", "技术经纪人", "Technology broker"),
    ("association", "行业协会", "Industry association"),
    ("specialist", "科技专员", "Technology specialist"),
    ("bureau", "科技主管部门", "Science and technology bureau"),
    ("administrator", "平台管理员", "Administrator"),
)

ORGANISATION_KINDS = Vocabulary(
    "organisation_kind",
    ("company", "企业", "Company"),
    ("institution", "高校院所", "University or institute"),
    ("agency", "技术转移机构", "Technology transfer agency"),
    ("association", "行业协会", "Industry association"),
    ("bureau", "科技主管部门", "Science and technology bureau"),
)

VERIFICATIONS = Vocabulary(
    "verification",
    ("pending", "待核验", "Awaiting verification"),
    ("verified", "已核验", "Verified"),
    ("rejected", "未通过", "Not verified"),
)

LADDER_LEVELS = Vocabulary(
    "ladder_level",
    ("none", "未入库", "Not on the ladder"),
    ("technology_sme", "科技型中小企业", "Technology-based SME"),
    ("high_tech", "高新技术企业", "High-tech enterprise"),
    ("specialised", "专精特新企业", "Specialised and innovative SME"),
    ("leading", "科技领军企业", "Leading technology enterprise"),
)

DEMAND_KINDS = Vocabulary(
    "demand_kind",
    ("key_technology", "技术攻关", "Key technology research"),
    ("outcome_acquisition", "成果引进", "Outcome acquisition"),
    ("product_upgrade", "产品升级", "Product upgrade"),
    ("process_improvement", "工艺改进", "Process improvement"),
    ("testing_pilot", "检测与中试", "Testing and pilot production"),
    ("talent_team", "人才团队", "Talent and teams"),
    ("joint_application", "联合申报", "Joint project application"),
)

SOLUTION_MODES = Vocabulary(
    "solution_mode",
    ("commissioned", "委托研发", "Commissioned development"),
    ("joint", "合作研发", "Joint development"),
    ("transfer", "技术转让", "Technology transfer"),
    ("licence", "许可", "Licence"),
    ("acquisition", "引进", "Acquisition"),
    ("other", "其他", "Other"),
)

CLARITIES = Vocabulary(
    "clarity",
    ("clear", "清晰", "Clear"),
    ("vague", "模糊", "Vague"),
    ("concept", "概念", "Concept"),
    ("undirected", "无方向", "No direction yet"),
)

DISCLOSURES = Vocabulary(
    "disclosure",
    ("public", "公开", "Public"),
    ("anonymous", "匿名", "Anonymous"),
    ("directed", "定向", "Directed"),
)

STAGES = Vocabulary(
    "stage",
    ("early", "初期阶段", "Early"),
    ("middle", "中期阶段", "Middle"),
    ("mature", "成熟应用阶段", "Mature application"),
)

TRLS = Vocabulary(
    "trl",
    ("1", "TRL 1 报告级", "TRL 1 basic principles reported"),
    ("2", "TRL 2 方案级", "TRL 2 concept formulated"),
    ("3", "TRL 3 功能级", "TRL 3 function proven in the laboratory"),
    ("4", "TRL 4 仿真级", "TRL 4 validated in simulation or laboratory"),
    ("5", "TRL 5 初样级", "TRL 5 first prototype"),
    ("6", "TRL 6 正样级", "TRL 6 engineering prototype"),
    ("7", "TRL 7 系统级", "TRL 7 system demonstrated in use"),
    ("8", "TRL 8 产品级", "TRL 8 product completed"),
    ("9", "TRL 9 产业级", "TRL 9 in industrial production"),
)

IP_KINDS = Vocabulary(
    "ip_kind",
    ("invention", "发明专利", "Invention patent"),
    ("utility_model", "实用新型专利", "Utility model"),
    ("design", "外观设计专利", "Design patent"),
    ("software", "软件著作权", "Software copyright"),
    ("layout", "集成电路布图设计", "Integrated circuit layout"),
    ("plant_variety", "植物新品种", "Plant variety"),
    ("trade_secret", "技术秘密", "Trade secret"),
)

IP_STATUSES = Vocabulary(
    "ip_status",
    ("pending", "审查中", "Pending"),
    ("granted", "有效", "In force"),
    ("lapsed", "失效", "Lapsed"),
)

CONVERSION_MODES = Vocabulary(
    "conversion_mode",
    ("own", "自行投资实施", "Own implementation"),
    ("transfer", "转让", "Transfer"),
    ("licence", "许可", "Licence"),
    ("joint", "合作实施", "Joint implementation"),
    ("equity", "作价投资", "Contribution as equity"),
    ("other", "其他", "Other"),
)

LICENCE_KINDS = Vocabulary(
    "licence_kind",
    ("exclusive", "独占许可", "Exclusive licence"),
    ("sole", "排他许可", "Sole licence"),
    ("ordinary", "普通许可", "Ordinary licence"),
)

PRICE_MODES = Vocabulary(
    "price_mode",
    ("negotiable", "面议", "Negotiable"),
    ("range", "区间", "Range"),
    ("listed", "挂牌", "Listed price"),
)

PROVENANCES = Vocabulary(
    "provenance",
    ("local", "本地", "Local"),
    ("outside", "外地", "From outside the city"),
    ("collected", "采集", "Collected from public sources"),
)

FIELDS = Vocabulary(
    "field",
    ("electronics", "电子信息", "Electronics and information"),
    ("aerospace", "航空航天", "Aerospace"),
    ("manufacturing", "先进制造", "Advanced manufacturing"),
    ("biomedicine", "生物医药和医疗器械", "Biomedicine and medical devices"),
    ("materials", "新材料", "New materials"),
    ("energy", "新能源与高效节能", "New energy and energy efficiency"),
    ("environment", "环境保护与资源综合利用", "Environment and resource recovery"),
    ("nuclear", "核应用", "Nuclear applications"),
    ("agriculture", "农业", "Agriculture"),
    ("transport", "现代交通", "Modern transport"),
    ("urban", "城市建设与社会发展", "Urban and social development"),
)

COMPARATORS = Vocabulary(
    "comparator",
    ("ge", "≥", ">="),
    ("le", "≤", "<="),
    ("gt", ">", "greater than"),
    ("lt", "<", "less than"),
    ("eq", "=", "equals"),
    ("between", "介于", "between"),
)

MATCH_LEVELS = Vocabulary(
    "match_level",
    ("3", "强相关", "Strong"),
    ("2", "较强相关", "Fairly strong"),
    ("1", "弱相关", "Weak"),
    ("0", "无相关", "None"),
)

REASONS = Vocabulary(
    "reason",
    ("immature", "成熟度不足", "Not mature enough"),
    ("advantage_unclear", "优势不清", "Advantage unclear"),
    ("business_unclear", "商业路径不清", "Business path unclear"),
    ("description_unclear", "描述不清", "Description unclear"),
    ("field_mismatch", "领域不符", "Different field"),
    ("indicators_missed", "指标不达标", "Indicators not met"),
    ("price", "价格费用", "Price or cost"),
    ("ip_risk", "权属或专利风险", "Ownership or patent risk"),
    ("region", "地域", "Region"),
    ("timing", "时机", "Timing"),
    ("solved", "需求已解决", "Demand already solved"),
    ("has_partner", "已有合作方", "Already has a partner"),
    ("no_pilot_conditions", "中试条件不足", "No conditions for pilot production"),
    ("confidentiality", "保密顾虑", "Confidentiality concerns"),
    ("unreachable", "联系不上", "Cannot be reached"),
    ("duplicate_or_void", "重复或失效", "Duplicate or void"),
    ("other", "其他", "Other"),
)

DEMAND_STATES = Vocabulary(
    "demand_state",
    ("draft", "草稿", "Draft"),
    ("submitted", "待审核", "Awaiting review"),
    ("returned", "已退回", "Returned"),
    ("published", "已发布", "Published"),
    ("engaged", "洽谈中", "In talks"),
    ("contracted", "已签约", "Contracted"),
    ("resolved", "已解决", "Resolved"),
    ("challenge", "揭榜挂帅", "In a challenge"),
    ("withdrawn", "已撤回", "Withdrawn"),
    ("expired", "已过期", "Expired"),
)

OUTCOME_STATES = Vocabulary(
    "outcome_state",
    ("draft", "草稿", "Draft"),
    ("institution_review", "单位审核中", "Under institution review"),
    ("changes_requested", "需修改", "Changes requested"),
    ("published", "已发布", "Published"),
    ("reserved", "拟转让", "Reserved"),
    ("transferred", "已转让", "Transferred"),
    ("withdrawn", "已撤回", "Withdrawn"),
    ("expired", "已过期", "Expired"),
)

MATCH_STATES = Vocabulary(
    "match_state",
    ("suggested", "待研判", "Suggested"),
    ("accepted", "已采纳", "Accepted"),
    ("dismissed", "已排除", "Dismissed"),
    ("snoozed", "稍后处理", "Snoozed"),
    ("needs_information", "待补充信息", "Waiting for an answer"),
)

BROKER_LEVELS = Vocabulary(
    "broker_level",
    ("junior", "初级", "Junior"),
    ("middle", "中级", "Intermediate"),
    ("senior", "高级", "Senior"),
)

UNASSIGNED_REASONS = Vocabulary(
    "unassigned_reason",
    ("weak", "相关度不足，留在公共池", "Too weak to be assigned; stays in the pool"),
    ("no_broker", "没有合适的经纪人", "No broker fits"),
    ("capacity", "合适的经纪人本周已满", "Every broker who fits is full this week"),
    (
        "company_flooded",
        "该企业待研判的匹配已达上限",
        "The company has enough matches under review",
    ),
    (
        "outcome_flooded",
        "该成果待研判的匹配已达上限",
        "The outcome has enough matches under review",
    ),
)

ASSIGNMENT_ENDS = Vocabulary(
    "assignment_end",
    ("overdue", "逾期收回", "Taken back overdue"),
    ("released", "退回公共池", "Given back"),
)

QUESTION_STATES = Vocabulary(
    "question_state",
    ("open", "待答复", "Waiting for an answer"),
    ("answered", "已答复", "Answered"),
    ("lapsed", "逾期未答", "Not answered in time"),
    ("withdrawn", "已撤回", "Taken back"),
)

DUPLICATE_STATES = Vocabulary(
    "duplicate_state",
    ("open", "待判断", "To be decided"),
    ("different", "不同记录", "Different records"),
    ("same", "同一记录", "The same record"),
)

PLACEMENT_STATES = Vocabulary(
    "placement_state",
    ("proposed", "机器建议，待确认", "Proposed by the machine"),
    ("confirmed", "已确认", "Confirmed"),
    ("corrected", "已更正", "Corrected"),
)

NEXT_STEP_KINDS = Vocabulary(
    "next_step_kind",
    ("expert", "咨询专家", "Ask an expert"),
    ("challenge", "建议列为揭榜挂帅", "Proposed as a challenge"),
)

NEXT_STEP_STATES = Vocabulary(
    "next_step_state",
    ("open", "待处理", "Waiting"),
    ("answered", "已答复", "Answered"),
    ("accepted", "已采纳", "Accepted"),
    ("declined", "未采纳", "Declined"),
)

INTRODUCTION_STATES = Vocabulary(
    "introduction_state",
    ("asked", "征询中", "Asked"),
    ("mutual", "双方同意", "Both accepted"),
    ("declined", "已谢绝", "Declined"),
    ("lapsed", "逾期失效", "Lapsed"),
    ("withdrawn", "已撤回", "Withdrawn"),
)

ANSWERS = Vocabulary(
    "answer",
    ("accepted", "同意对接", "Accepted"),
    ("declined", "谢绝", "Declined"),
)

SIDES = Vocabulary(
    "side",
    ("company", "企业方", "Company side"),
    ("institution", "院所方", "Institution side"),
    ("broker", "技术经纪人", "Broker"),
)

ENGAGEMENT_STATES = Vocabulary(
    "engagement_state",
    ("mutual", "双方有意", "Mutual interest"),
    ("nda", "已签保密约定", "Confidentiality agreed"),
    ("disclosed", "已披露资料", "Documents disclosed"),
    ("meeting", "已会谈", "Met"),
    ("validation", "验证试验", "Validation"),
    ("term_sheet", "已达成意向条款", "Terms agreed"),
    ("drafting", "合同起草", "Drafting the contract"),
    ("publicity", "公示", "Public notice"),
    ("signed", "已签约", "Signed"),
    ("registered", "已登记", "Registered"),
    ("performing", "履行中", "Performing"),
    ("completed", "已完成", "Completed"),
    ("dormant", "沉寂", "Dormant"),
    ("lost", "已终止", "Lost"),
)

ENGAGEMENT_GROUPS = Vocabulary(
    "engagement_group",
    ("interest", "意向", "Interest"),
    ("confidence", "保密与披露", "Confidentiality and disclosure"),
    ("talks", "洽谈", "Talks"),
    ("contract", "合同", "Contract"),
    ("performance", "履行", "Performance"),
)

MEETING_STATES = Vocabulary(
    "meeting_state",
    ("planned", "已安排", "Planned"),
    ("held", "已召开", "Held"),
    ("cancelled", "已取消", "Cancelled"),
)

NOTIFICATION_GROUPS = Vocabulary(
    "notification_group",
    ("record", "我的需求与成果", "My demands and outcomes"),
    ("review", "待我审核", "For me to review"),
    ("match", "匹配与订阅", "Matches and saved searches"),
    ("introduction", "对接与洽谈", "Introductions and engagements"),
    ("organisation", "单位与成员", "Organisation and members"),
)

MAIL_PACES = Vocabulary(
    "mail_pace",
    ("at_once", "立即发送", "At once"),
    ("daily", "每日摘要", "Daily digest"),
    ("weekly", "每周摘要", "Weekly digest"),
    ("off", "不发邮件", "No mail"),
)

DISCLOSURE_STATES = Vocabulary(
    "disclosure_state",
    ("asked", "请求查阅", "Access requested"),
    ("granted", "已开放", "Opened"),
    ("refused", "未同意", "Refused"),
    ("revoked", "已收回", "Revoked"),
    ("lapsed", "已到期", "Lapsed"),
)

ORIGINS = Vocabulary(
    "origin",
    ("form", "在线填报", "Entered here"),
    ("import", "批量导入", "Imported"),
    ("demo", "虚构示例", "Invented example"),
)
