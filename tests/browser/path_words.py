"""What the stories of the whole path type and read, in Chinese and in English."""

from __future__ import annotations

from typing import Final

Words = dict[str, str]

FIRM: Final = "company2"
FIRM_NAME: Final = "砺锋复材制品有限公司"
FIRM_ENGLISH: Final = "Lifeng Composite Products"
FIRM_PERSON: Final = "周芥"
SCHOOL: Final = "researcher"
BROKER: Final = {"zh-CN": "broker", "en-GB": "broker2"}

# What the two sides write.
TEXTS: Final[dict[str, Words]] = {
    "zh-CN": {
        "paragraph": (
            "我们砺锋复材制品的碳纤维蒙皮与铝骨架用胶接，胶接面靠人工打磨，剪切强度离散大，每百件有六件开胶返工。"
            "希望找到一种不用溶剂的大气等离子体表面活化技术，并能在线判断是否活化到位。接触角不大于20°，"
            "剪切强度不低于25 MPa，处理速度不低于6 m/min。可与高校合作研发，预算60-100万元。"
        ),
        "short_name": "砺锋复材制品",
        "title": "碳纤维蒙皮胶接面的免溶剂活化与在线判定",
        "problem": (
            "砺锋复材制品的碳纤维蒙皮与铝骨架胶接前靠人工打磨，剪切强度离散大，每百件"
            "有六件开胶返工，返工费时。"
        ),
        "key_technology": "大气等离子体对环氧基复合材料表面的活化机理，活化程度的在线判定。",
        "target": (
            "不用溶剂，接触角不大于20°，剪切强度不低于25 MPa，处理速度"
            "不低于6 m/min，开胶返工降到千分之五以内。"
        ),
        "constraints": "现有胶接线不停产，不用真空腔体。",
        "keywords": "大气等离子体\n胶接\n表面活化",
        "corrected": "水接触角",
        "indicator": "剪切强度",
        "outcome": "复合材料胶接面大气等离子活化与润湿性在线检测",
        "summary": (
            "旋转射流大气等离子体活化碳纤维复合材料胶接面，不用溶剂；"
            "同一机头喷微滴拍照，在线测接触角，判定活化是否到位。"
        ),
        "problem_solved": "复合材料与铝件胶接前靠人工打磨，剪切强度离散大，开胶返工多。",
        "advantage": (
            "与人工打磨相比，剪切强度由18 MPa升到27 MPa，离散减半；处理"
            "速度8 m/min，接触角不大于15°。"
        ),
        "know_how": "射流与表面相距十二毫米，气体配比与功率曲线见附表，甲乙代号",
        "to_firm": "该院所的活化机头已在型材线上试过，值得先寄试片。",
        "to_school": "企业的胶接线返工多，指标与您的成果相近，愿意先做试片。",
        "minutes": "双方确认试片三十组，剪切强度按约定标准检测，两周内寄样。",
        "note": "已有三十组试片数据，双方同意不再单独验证。",
        "contract": "复合材料胶接面活化技术开发合同",
    },
    "en-GB": {
        "paragraph": (
            "At Lifeng we bond composite panels for truck bodies. Voids in the adhesive show only "
            "when a panel fails at the customer, about four in a thousand. We are looking for an "
            "in-line inspection by active thermography that finds voids of at most 5 mm at a line "
            "speed of at least 3 m/min, with a false alarm rate of at most 2 %."
        ),
        "short_name": "Lifeng",
        "title": "In-line thermographic inspection of adhesive bonds in composite panels",
        "problem": (
            "Lifeng bonds composite panels for truck bodies. Voids in the adhesive show only when "
            "a panel fails at the customer, about four in a thousand."
        ),
        "key_technology": (
            "Active thermography of an adhesive layer under 4 mm of laminate, evaluated in line."
        ),
        "target": (
            "Voids of 5 mm are found at a line speed of at least 3 m/min, with a false alarm rate "
            "of at most 2 %, so that no faulty panel leaves the works."
        ),
        "constraints": "The bonding line is not slowed down; no couplant is used.",
        "keywords": "active thermography\nadhesive bond\nin-line inspection",
        "corrected": "size of voids found",
        "indicator": "false alarm rate",
        "outcome": "Active thermography for adhesive bonds of composite panels, evaluated in line",
        "summary": (
            "A line heater and an infrared camera find voids in the adhesive layer of composite "
            "panels while they pass; the evaluation tells voids from the pattern of the laminate."
        ),
        "problem_solved": "Voids in the adhesive of composite panels show only when a panel fails.",
        "advantage": (
            "Compared with ultrasound by hand: no couplant, 4 m/min in line instead of one panel "
            "in ten minutes, voids from 4 mm, a false alarm rate of 1.5 %."
        ),
        "know_how": "Heater at 140 mm, pulse of 0.8 s, kernel and thresholds as in sheet A7",
        "to_firm": "Their camera has run on a panel line; sending ten panels first is worth it.",
        "to_school": "Their line loses panels to voids; their figures come near to yours.",
        "minutes": "Ten panels with known voids are sent within two weeks; both read the results.",
        "note": "Ten panels were measured already; both sides do without a validation of its own.",
        "contract": "In-line thermography: technology development contract",
    },
}

# What the pages say.
WORDS: Final[dict[str, Words]] = {
    "zh-CN": {
        "fill": "自动填表",
        "filled": "自动填入，请核对",
        "submit": "保存并提交",
        "leak": "以下内容会暴露身份",
        "clean": "没有发现暴露身份的词语",
        "ourselves": "本企业",
        "waiting": "待审核",
        "anonymous": "匿名企业",
        "publish": "发布",
        "approve": "审核通过并发布",
        "snoozed": "稍后处理",
        "introduce": "征询双方对接意愿",
        "ask": "征询双方",
        "yes": "同意对接",
        "mutual": "双方都愿意洽谈",
        "agreement": "阅读并接受保密约定",
        "accept_nda": "代表本方接受",
        "ours": "我方保密内容",
        "theirs": "对方保密内容",
        "save": "保存",
        "open": "开放",
        "read": "查阅保密内容",
        "closed": "目前未向贵单位开放",
        "plan": "安排",
        "keep": "保存纪要",
        "met": "首次会谈已完成",
        "terms": "意向条款已达成",
        "skips": "跳过：验证试验",
        "skips_notice": "跳过：公示",
        "draft": "开始起草合同",
        "drafting": "合同起草",
        "signed": "合同已签订",
        "registered": "合同已登记",
        "stage": "已登记",
        "counted": "计入统计",
    },
    "en-GB": {
        "fill": "Fill the form from it",
        "filled": "filled from your text: please check",
        "submit": "Save and submit",
        "leak": "This would tell who you are",
        "clean": "Nothing was found in the public text",
        "ourselves": "Our plant",
        "waiting": "Awaiting review",
        "anonymous": "Anonymous company",
        "publish": "Publish",
        "approve": "Approve and publish",
        "snoozed": "Snoozed",
        "introduce": "Introduce the two sides",
        "ask": "Ask both sides",
        "yes": "Yes, we want to talk",
        "mutual": "Both sides want to talk",
        "agreement": "Read and accept the confidentiality agreement",
        "accept_nda": "Accept for our side",
        "ours": "Your confidential part",
        "theirs": "Their confidential part",
        "save": "Save",
        "open": "Open it",
        "read": "Open the confidential part",
        "closed": "It is closed to your organisation at present",
        "plan": "Plan it",
        "keep": "Keep the minutes",
        "met": "The first talk has taken place",
        "terms": "Terms are agreed",
        "skips": "skips: Validation",
        "skips_notice": "skips: Public notice",
        "draft": "Begin drafting the contract",
        "drafting": "Drafting the contract",
        "signed": "The contract is signed",
        "registered": "The contract is registered",
        "stage": "Registered",
        "counted": "counted",
    },
}

# Where the path is refused. Its sides are such as have accepted no agreement with each other.
REFUSED_SIDES: Final = {"zh-CN": ("company3", "researcher2"), "en-GB": ("company2", "researcher3")}
REFUSALS: Final[dict[str, Words]] = {
    "zh-CN": {
        "firm": "泓康医用器材有限公司",
        "short_name": "泓康医用器材",
        "submit": "保存并提交",
        "approve": "审核通过并发布",
        "ask": "征询双方",
        "yes": "同意对接",
        "ours": "我方保密内容",
        "theirs": "对方保密内容",
        "open": "开放",
        "incomplete": "提交前需要填写此项。",
        "kept": "已存为草稿，但尚未提交。",
        "certain": "请删去：这会明确暴露身份。",
        "keep": "在此不指向任何单位，保留",
        "forbidden": "您没有权限进行此操作。",
        "reason": "请从列表中选择原因。",
        "other": "请在备注中写明其他原因。",
        "names": "该企业匿名，请勿向对方写明其名称。",
        "wrong_state": "记录当前的状态不允许此操作。",
        "what_to_do": "请重新打开记录查看最新状态，再进行操作。",
        "again": "重新打开页面",
        "accepted": "本方已同意，等待对方答复。",
        "over": "答复期限已过；经纪人可以再次征询。",
        "lapsed": "未能在期限内得到双方同意",
        "needs_meeting": "需要一次已召开并有纪要的会谈。",
        "closed": "目前未向贵单位开放。",
        "no_agreement": "须双方在洽谈中接受保密约定后方可查阅",
        "cannot_confirm": "补齐缺少的内容后即可确认。",
        "not_confirmed": "未确认：仍有内容缺少。",
        "sixteen": "登记编号为 16 位数字，现有 5 个字符。",
        "taken": "已有其他合同使用此登记编号，请核对。",
        "not_found": "没有这条记录，或您无权查看。",
        "conflict": "在您打开之后，已有他人修改了这条记录。",
        "not_lost": "您填写的内容没有丢失",
        "expired": "表单已过期。请重新打开页面，再次填写。",
    },
    "en-GB": {
        "firm": "砺锋复材制品有限公司",
        "short_name": "砺锋复材制品",
        "submit": "Save and submit",
        "approve": "Approve and publish",
        "ask": "Ask both sides",
        "yes": "Yes, we want to talk",
        "ours": "Your confidential part",
        "theirs": "Their confidential part",
        "open": "Open it",
        "incomplete": "This is needed before the record can be submitted.",
        "kept": "Saved as a draft, but not submitted yet.",
        "certain": "Take this out; it identifies somebody beyond doubt.",
        "keep": "names nobody here; keep it",
        "forbidden": "You may not do this.",
        "reason": "Choose a reason from the list.",
        "other": "Say in the note which other reason it is.",
        "names": "This company is anonymous: do not name it to the other side.",
        "wrong_state": "The record is in a state in which this is not possible.",
        "what_to_do": "Open the record again to see its present state",
        "again": "Open the page again",
        "accepted": "Your side has accepted; the other side's answer is awaited.",
        "over": "The time for answering is over; the broker may ask anew.",
        "lapsed": "Not both sides answered in time",
        "needs_meeting": "Needs a meeting that was held, with its minutes.",
        "closed": "It is closed to your organisation at present.",
        "no_agreement": "opens only once both sides have accepted the confidentiality agreement",
        "cannot_confirm": "It can be confirmed once nothing is missing.",
        "not_confirmed": "Not confirmed: something is still missing.",
        "sixteen": "A registration number has 16 digits; this one has 5 characters.",
        "taken": "Another contract is registered under this number. Compare them.",
        "not_found": "There is no such record, or none that you may see.",
        "conflict": "Somebody else changed this record since you opened it.",
        "not_lost": "Nothing you typed is lost",
        "expired": "The form had expired. Open the page again and repeat what you entered.",
    },
}
