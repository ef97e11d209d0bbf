"""The headings of collection forms, and which field of a record stands under each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

# What stands under these is never taken over: who asks is known, contact data opens later.
DROPPED: Final = ""

_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "demand": {
        "title": "需求名称 技术需求名称 需求题目 需求标题 需求项目名称 项目名称 技术需求 难题名称 技术难题名称 课题名称 题目 标题 名称"
        " title demand_title name_of_the_demand project_title",
        "problem": "主要问题 存在问题 存在的问题 主要技术问题 需解决的主要问题 拟解决的主要问题 需要解决的主要问题 问题描述 需求描述"
        " 技术需求描述 需求内容 技术需求内容 需求简介 需求概述 需求背景 需求说明 背景 现状及问题 面临的问题 技术难题 技术难题描述 项目背景"
        " problem main_problem problem_description background description",
        "key_technology": "技术关键 关键技术 关键技术问题 技术难点 核心技术 核心问题 需解决的关键技术 拟解决的关键技术 主要技术内容 研究内容"
        " 主要研究内容 技术内容 key_technology key_technologies technical_crux technical_difficulty",
        "target": "预期目标 预期目标及技术指标 预期效果 预期成果 技术指标 主要技术指标 技术经济指标 主要技术经济指标 技术目标 目标 考核指标"
        " 期望达到的指标 期望目标 指标要求 技术要求 性能要求 需求目标 target targets expected_result expected_outcome goal goals",
        "constraints": "限制条件 约束条件 其他要求 其它要求 特殊要求 环境要求 constraints other_requirements",
        "current_state": "现有工作基础 现有基础 工作基础 前期工作 前期工作情况 已开展的工作 已有条件 现有条件 current_state work_so_far",
        "description": "备注 补充说明 其他说明 remarks notes",
        "keywords": "关键词 关键字 技术关键词 需求关键词 keywords key_words",
        "budget": "投入资金 拟投入资金 计划投入资金 计划投入 资金投入 拟投入 预计投入 投入预算 研发预算 研发投入 经费预算 项目预算 预算 预算金额"
        " 投资额 投资规模 意向金额 意向投入 拟投入经费 合作经费 资金预算 经费 budget funds",
        "period": "时限要求 完成时限 解决时限 期望解决时间 实施周期 研发周期 项目周期 周期 期限 合作期限 起止时间 需求时限 完成期限 时间要求"
        " period time_allowed duration time_frame deadline",
        "solution_mode": "合作方式 解决方式 拟采取的合作方式 合作意向 合作模式 拟合作方式 需求解决方式 期望合作方式 意向合作方式 合作形式"
        " solution_mode way_of_solution cooperation form_of_cooperation mode",
        "kind": "需求类型 需求类别 需求性质 技术需求类型 类型 kind kind_of_demand type",
        "field": "技术领域 所属领域 所属技术领域 需求领域 产业领域 行业领域 所属行业领域 领域 field technical_field",
        "ip_expectation": "知识产权要求 知识产权归属 知识产权约定 知识产权 intellectual_property",
        DROPPED: "企业名称 单位名称 需求单位 需求企业 申报单位 填报单位 所在单位 公司名称 单位全称 企业全称 联系人 项目联系人 联系方式 联系电话 电话"
        " 手机 手机号 手机号码 固定电话 办公电话 传真 邮箱 电子邮箱 电子邮件 邮编 邮政编码 地址 通讯地址 通信地址 联系地址 单位地址 注册地址 企业地址"
        " 法定代表人 法人代表 法人 负责人 项目负责人 统一社会信用代码 组织机构代码 信用代码 信用代码证 企业简介 单位简介 公司简介 企业概况 单位性质"
        " 企业性质 企业类型 企业规模 职务 职称 职务/职称 填表人 填报人 填表日期 填报日期 填报时间 日期 所属区县 所在区县 所属地区 所在地区 所在地 所属区市"
        " 主营业务 主营产品 注册资金 注册资本 成立时间 职工人数 上年度销售收入 微信 QQ 网址 序号 编号 盖章 单位盖章 签字 推荐单位 主管部门 需求公开"
        " company company_name organisation contact contact_person phone telephone e-mail email address website date"
        " credit_code number no. person_in_charge",
    },
    "outcome": {
        "title": "成果名称 科技成果名称 项目名称 技术名称 成果题目 题目 标题 名称 title",
        "summary": "成果简介 成果概述 成果介绍 项目简介 技术简介 成果内容 成果摘要 摘要 简介 内容简介 成果描述 abstract summary description",
        "problem_solved": "解决的问题 解决的主要问题 解决的技术问题 解决问题 背景 技术背景 研究背景 项目背景 背景技术 problem problem_solved background",
        "advantage": "技术优势 创新点 主要创新点 技术创新点 先进性 优势 特点 技术特点 与现有技术比较 与现有方案比较 与国内外同类技术比较 核心优势 竞争优势"
        " advantage advantages novelty comparison",
        "economics": "经济效益 效益分析 市场前景 市场分析 经济社会效益 社会经济效益 应用前景 economics market economic_effect",
        "target": "技术指标 主要技术指标 性能指标 主要指标 技术参数 主要参数 技术经济指标 indicators figures",
        "scenes": "应用领域 应用场景 应用范围 适用范围 应用方向 适用领域 application applications application_scenes",
        "keywords": "关键词 关键字 keywords key_words",
        "field": "技术领域 所属领域 所属技术领域 领域 field technical_field",
        "stage": "成果阶段 所处阶段 成熟度 技术成熟度 成果成熟度 研发阶段 stage maturity",
        "price": "转让价格 意向价格 价格 拟转让价格 price",
        "description": "备注 补充说明 remarks notes",
        DROPPED: "完成单位 单位名称 第一完成单位 联系人 联系方式 联系电话 电话 手机 传真 邮箱 电子邮箱 电子邮件 邮编 地址 通讯地址 完成人 主要完成人"
        " 负责人 项目负责人 成果完成人 团队负责人 填表人 填表日期 日期 职务 职称 微信 网址 序号 编号 团队简介 单位简介 company contact phone"
        " telephone e-mail email address website date authors author institution",
    },
}
_NUMBERING: Final = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[（(]?\d{1,2}[）)、.．](?!\d)|[*※●■◆★▲#]+|[①-⑳])\s*"
)
_HINT: Final = re.compile(r"[（(\[【][^（）()\[\]【】]{0,60}[）)\]】]")
_BRACKETS: Final = re.compile(r"^[【\[《<]\s*(?P<inside>[^】\]》>]{1,20})\s*[】\]》>]\s*[:：]?")
_INLINE: Final = re.compile(
    r"^(?P<label>[^:：。；\n]{2,30}?)\s*(?:[（(][^（）()]{0,60}[）)])?\s*[:：]\s*(?P<rest>.*)$",
    re.DOTALL,
)
_SPACED: Final = re.compile(r"^(?P<label>\S{3,12})[ \t\u3000]+(?P<rest>\S.*)$", re.DOTALL)
_INTRODUCTION: Final = re.compile(r"[^:：\n]{0,20}(?:简介|概况|介绍|主营)")
_LONGEST: Final = 40


def _table(noun: str) -> dict[str, str]:
    return {
        label.replace("_", ""): field
        for field, labels in _LABELS[noun].items()
        for label in labels.casefold().split()
    }


_TABLES: Final = {noun: _table(noun) for noun in _LABELS}
MARKED: Final = re.compile(r"[☑√✓✔☒■●◉]\s*(?P<text>[^☑√✓✔☒■●◉□☐○◯\n]{1,40})")
BOX: Final = re.compile(r"[☑√✓✔☒■●◉□☐○◯]")


def introduces(text: str) -> bool:
    """Whether a text begins with a heading of an introduction, which goes on over paragraphs."""
    return bool(_INTRODUCTION.match(text))


def field_of(noun: str, text: str) -> str | None:
    """The field whose heading a text is; ``DROPPED`` for contact data; None for no heading."""
    if len(text) > _LONGEST + 60:
        return None
    plain = _HINT.sub("", unicodedata.normalize("NFKC", text)).strip()
    before = None
    while before != plain:
        before, plain = plain, _NUMBERING.sub("", plain).strip(" :：*_【】[]<>《》")
    plain = "".join(plain.split()).casefold().replace("_", "")
    return _TABLES[noun].get(plain)


def split_label(noun: str, text: str) -> tuple[str | None, str]:
    """A heading that begins a text, and what follows it: ``关键词：碳纤维`` or ``关键词 碳纤维``."""
    whole = field_of(noun, text)
    if whole is not None:
        return whole, ""
    bracketed = _BRACKETS.match(text.strip())
    if bracketed and (found := field_of(noun, bracketed["inside"])) is not None:
        return found, text.strip()[bracketed.end() :].strip()
    for pattern in (_INLINE, _SPACED):
        match = pattern.match(text.strip())
        if match and (found := field_of(noun, match["label"])) is not None:
            return found, match["rest"].strip()
    first, _, rest = text.strip().partition("\n")
    if rest and (found := field_of(noun, first)) is not None:
        return found, rest.strip()
    return None, text
