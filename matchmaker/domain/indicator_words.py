"""The words that indicators are told by in Chinese and English prose."""

from __future__ import annotations

import re
from typing import Final

_LATIN_UNITS: Final = [
    "nm",
    "μm",
    "um",
    "µm",
    "mm",
    "cm",
    "dm",
    "m",
    "km",
    "mg",
    "g",
    "kg",
    "t",
    "μg",
    "ug",
    "ms",
    "s",
    "sec",
    "min",
    "h",
    "hr",
    "hrs",
    "d",
    "Pa",
    "kPa",
    "MPa",
    "Mpa",
    "GPa",
    "Gpa",
    "bar",
    "mbar",
    "V",
    "kV",
    "mV",
    "A",
    "mA",
    "W",
    "kW",
    "MW",
    "mW",
    "kWh",
    "Wh",
    "Hz",
    "kHz",
    "MHz",
    "GHz",
    "dB",
    "dBm",
    "dB(A)",
    "Ω",
    "mΩ",
    "kΩ",
    "F",
    "N",
    "kN",
    "mN",
    "J",
    "kJ",
    "rpm",
    "r/min",
    "rad",
    "K",
    "L",
    "mL",
    "ml",
    "l",
    "lm",
    "lx",
    "cd",
    "bit",
    "fps",
    "Mbps",
    "Gbps",
    "kbps",
    "bps",
    "ppm",
    "ppb",
    "CFU",
    "cfu",
    "HRC",
    "HRA",
    "HRB",
    "HV",
    "HB",
    "HBW",
    "IU",
    "mol",
    "hours",
    "hour",
    "minutes",
    "minute",
    "mins",
    "seconds",
    "second",
    "days",
    "day",
    "cycles",
    "months",
    "month",
    "years",
    "year",
    "percent",
    "times",
    "degrees",
    "C",
]
_HAN_UNITS: Final = [
    "毫米",
    "微米",
    "纳米",
    "厘米",
    "分米",
    "公里",
    "千米",
    "平方米",
    "平方公里",
    "立方米",
    "立方厘米",
    "立方",
    "毫升",
    "升",
    "毫克",
    "微克",
    "千克",
    "公斤",
    "克",
    "吨",
    "毫秒",
    "微秒",
    "秒",
    "分钟",
    "小时",
    "个月",
    "个工作日",
    "天",
    "周次",
    "周",
    "年",
    "兆帕",
    "千帕",
    "摄氏度",
    "度",
    "分贝",
    "千伏",
    "伏",
    "安",
    "千瓦时",
    "千瓦",
    "兆瓦",
    "瓦",
    "赫兹",
    "千赫",
    "兆赫",
    "牛",
    "转",
    "次",
    "循环",
    "倍",
    "级",
    "目",
    "层",
    "像素",
    "帧",
    "个百分点",
    "个点",
    "台",
    "只",
    "件",
    "张",
    "头",
    "亩",
    "种",
    "路",
    "通道",
    "分",
    "米",
    "人次",
    "套",
    "株",
    "℃",
    "°C",
    "º",
]
_SIGNS_UNITS: Final = ("%", "％", "‰", "℃", "°C", "°", "′")


def _alternatives() -> str:
    latin = "|".join(re.escape(unit) for unit in sorted(set(_LATIN_UNITS), key=len, reverse=True))
    han = "|".join(re.escape(unit) for unit in sorted(set(_HAN_UNITS), key=len, reverse=True))
    signs = "|".join(re.escape(unit) for unit in _SIGNS_UNITS)
    base = rf"(?:(?:{latin})(?![A-Za-z])[²³23]?(?!\d)|(?:{han})|(?:{signs}))"
    return (
        rf"(?:[万亿千百]?\s?{base}(?:\s?[/·•*]\s?(?:{base}|\((?:{base})(?:[·•*]{base})*\)))*"
        rf"(?:-1)?)"
    )


_UNIT: Final = _alternatives()
_NUMBER: Final = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SIGNED: Final = rf"(?:[-−+]\s?)?(?:{_NUMBER})"

QUANTITY: Final = re.compile(
    rf"(?:(?P<sign>>=|<=|[≥≤≧≦⩾⩽>＞<＜=＝])\s{{0,2}})?"
    rf"(?:(?P<pre>HRC|HRA|HRB|HBW|HV|HB)\s{{0,2}}|(?<![\d.A-Za-z/_-])(?<![\d.][-~～]))"
    rf"(?P<around>±\s{{0,2}})?(?P<low>{_SIGNED})(?![\d.]*[A-Za-z]*\d*型)"
    rf"(?:\s{{0,2}}(?P<unit_low>{_UNIT})?\s{{0,2}}(?:~|～|〜|—|–|-|至|到|\bto\b|\band\b)\s{{0,2}}(?P<high>{_SIGNED})"
    rf"|\s{{0,2}}±\s{{0,2}}(?P<tolerance>{_NUMBER}))?"
    rf"\s{{0,2}}(?P<unit>{_UNIT})?"
    r"\s{0,2}(?P<post>(?:及|或)?以上|(?:及|或)?以下|以内|之内|左右|or more|or above|or higher|or less"
    r"|or below|or lower)?"
    r"(?:\s{0,2}[（(](?P<condition>[^（）()]{1,40})[）)])?",
)
POST_WORDS: Final = {
    "以上": "ge", "及以上": "ge", "或以上": "ge", "以下": "le", "及以下": "le", "或以下": "le",
    "以内": "le", "之内": "le", "左右": "eq", "or more": "ge", "or above": "ge", "or higher": "ge",
    "or less": "le", "or below": "le", "or lower": "le",
}  # fmt: skip

_UP: Final = "提高|提升|增加|增大|增至|延长|升高|上升|扩大|加大"
_DOWN: Final = "缩短|降低|减少|下降|减小|压缩|降|减|缩"
_TO: Final = "到|至|为"
_CHINESE_CHANGE: Final = re.compile(
    rf"(?:现有)?(?:由|从)(?:目前|现在|现有|原来|当前|现行)?的?\s{{0,2}}(?:{_NUMBER})\s{{0,2}}(?P<unit_from>{_UNIT})?(?:左右|以上|以下)?"
    rf"\s{{0,2}}(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:{_TO})?\s{{0,2}}"
    rf"(?:不超过|不高于|不大于|不低于|小于|大于|低于|高于|至少)?\s{{0,2}}(?P<to>{_NUMBER})\s{{0,2}}(?P<unit>{_UNIT})?\s{{0,2}}"
    r"(?:及?以[上下内]|之内)?"
)
_ENGLISH_CHANGE: Final = re.compile(
    rf"(?:must |should |shall |to )?(?:be |is |are |was |were )?"
    rf"(?:(?P<down>reduced|cut|shortened|lowered|brought down|falls?|drops?)|"
    rf"(?P<up>raised|increased|improved|extended|grows?|rises?))\s+from\s+(?:{_NUMBER})\s{{0,2}}"
    rf"(?P<unit_from>{_UNIT})?\s+to\s+(?:less than |at most |at least |more than |under |below |"
    rf"over )?(?P<to>{_NUMBER})\s{{0,2}}(?P<unit>{_UNIT})?",
)

CHANGES: Final = (_CHINESE_CHANGE, _ENGLISH_CHANGE)

# What compares, at the end of what stands before a number.
WORDS: Final = re.compile(
    r"(?:"
    r"(?P<ge>不(?:得|应|能)?(?:低于|小于|少于|短于)|(?:应|需|须)?至少(?:达到?|为)?|大于(?:或)?等于"
    r"|高于(?:或)?等于|(?:提高|提升|增加|增大|延长|升高)(?:到|至)|达到?(?:了)?|可达到?|能达到?"
    r"|at least|(?:no|not) (?:less|lower|fewer) than|(?:a )?minimum(?: of)?|reach(?:es|ing)?"
    r"|(?:raised|increased|improved|extended) to)"
    r"|(?P<le>不(?:得|应|能)?(?:高于|大于|超过|多于|长于)|至多|最多|最大不超过|小于(?:或)?等于|低于(?:或)?等于"
    r"|(?:缩短|降低|减少|下降|减小|压缩|控制|降|减)(?:到|至)"
    r"|at most|(?:no|not) (?:more|higher|greater|longer|larger) than|up to|not (?:to )?exceed(?:ing)?"
    r"|(?:a )?maximum(?: of)?|(?:reduced|cut|lowered|shortened) to|within)"
    r"|(?P<gt>大于|高于|超过|多于|长于|超|(?:more|greater|higher|longer|better) than|over|above"
    r"|exceed(?:s|ing)?)"
    r"|(?P<lt>小于|低于|少于|不足|短于|(?:less|lower|fewer|shorter) than|below|under)"
    r"|(?P<eq>约?为|等于|约|控制在|保持在|稳定在|维持在|在|是|[:：]|\bof|\bis|\babout|between)"
    r")\s*$",
    re.IGNORECASE,
)

# Words that say a value is reached; alone they do not make a name of what stands before.
WEAK_WORDS: Final = re.compile(r"可?能?达|reach")

CLAUSE_ENDS: Final = re.compile(
    r"[。；;！？!?\n\t，、]|,(?!\d{3})|(?<!\d)\.(?=\s)|\band\b|\bwith\b"
)
CONDITION_CLAUSE: Final = re.compile(
    r"(?:在|于)(?P<condition>[^，,。；;\n]{1,20}?)(?:的?条件下|的?环境下|的?情况下|温度下|下|时)[，,]$"
)
CONDITION_BEFORE: Final = re.compile(
    r"(?:在|于)?(?P<condition>(?:常温|室温|高温|低温|满载|空载|额定|[-−]?\d[^，的]{0,12}?|[^\d，的]{1,6}?(?=条件下|环境下)))"
    r"(?:条件下|环境下|工况下|下(?!降)|时(?!间|长|效))的?"
)
# Words at the beginning of a name that do not belong to it.
LEAD: Final = re.compile(
    r"^(?:是|为|可|但|特别是|对于|将|稳定(?!性)|运行(?!速|噪|温|时)|约|再|[（(]?\d{1,2}[)）.、．]\s*|[①-⑳]|[-—•·]+|要求|需要|需|希望|期望|预期|目标|指标|主要|其中|同时|并且|而且|且|并"
    r"|以及|及|和|与|或|使得?|将|把|让|令|实现|达到|满足|确保|保证|保持|做到|力争|争取|拟|应|须|必须|具有|具备|其|该"
    r"|产品(?=.{2})|制品(?=.{2})|成品(?=.{3})|单件(?=成型)|我们|我司|公司|开发|研制|解决|获得|得到|要|最终|整体|总体|平均(?=每)"
    r"|目前|现有|现在|当前|一是|二是|三是|四是|技术指标|技术要求|性能指标|考核指标|改进后|改造后|项目完成后"
    r"|降低|减少|缩短(?!率)|提高|提升|增加)\s*"
)
TAIL: Final = re.compile(
    r"(?:\s|要求|应当?|需要?|须|必须|要|可以?|能够?|能|为|值为|在|达到?|控制|保持|稳定|维持|是|约|的|：|:|均|都|分别|一般|通常"
    r"|不得|最高|最低|至|到|由|从)+$"
)
QUANTITY_NAME: Final = re.compile(
    r"(?:率|度|量|力|比|值|数|长|宽|高|径|距|时间|周期|寿命|压力|误差|偏差|成本|电压|电流|噪声|噪音|能耗|损耗|行程|间隙|公差"
    r"|系数|模量|产能|时长|延时|延迟|韧性|电阻|电容|磁通|温升|尺寸|规格|范围|电耗|油耗|水耗|消耗|耗|次|期|里程|步长|振动|挠度|负荷"
    r"|负载|载荷|载重|续航|分辨|频|用时|耗时|功耗|残留|间隔|增益|水分|灰分|pH值?|粒径|孔隙|缩短|降低|提高|提升|减少|增加|下降|效)"
    r"(?:[（(][^）)]*[)）])?$"
)
# Money, people, papers, firms and dates are no technical indicators.
NOT_MEASURED: Final = re.compile(
    r"(?<!韧)(?<!塑)(?<!弹)(?<!活)性$|性能$|零下$|若|每年|仅|常规|相对|较|按|逐渐|转为|只有|我国|全球|左右|预计|比(?=.{3})|由|节点$|节$"
    r"|经济损失|供货|从|实施周期|年设计|每减|每增|^提供$|[长短大小多少重轻快慢]?高$|预获|[≤≥＜＞]"
    r"|预算|投资|投入|经费|资金|收入|利润|产值|销售|营业|税|注册|成立|员工|人员|人数|团队|职工|公司|企业|论文|专利|标准\d|奖"
    r"|市场|占地|面积约|年产|产量|估值|资产|编号|电话|邮编|邮箱|地址|日期|学历|占比|合同|条款|图\d?$|表\d?$|型号|系列$|费用?$|费$"
    r"|budget|price|cost of|invest|revenue|employee|staff|sales|founded|patent|turnover|phone"
    r"|\bthan\b|\bleast\b|\bmost\b",
    re.IGNORECASE,
)
NOT_MEASURING: Final = re.compile(
    r"\d{4}\s*年|\d\s*(?:万|亿)?元|\d\s*(?:人|名|项|篇|家|位|岁|所|个国家|号|月|日)(?!份|次|时)|年\d"
)
# A change against something else: what it is measured by stands nowhere.
RELATIVE: Final = re.compile(r"\s*(?:lower|higher|less|more|better|faster|longer|shorter)\b")
# A count of things, not a measure.
COUNTED: Final = re.compile(r"\s*[个家篇项名种套台件款条批期届]")
# A circumstance with a figure of its own before the name: 循环2000周后, 水深200米处.
CIRCUMSTANCE: Final = re.compile(r"^.*\d.{0,6}?[后处时](?=.{2})")
NAME_AFTER: Final = re.compile(r"\s*的(?P<name>[\u4e00-\u9fff]{2,10}?)(?=[，。；、,;\n ]|要求|$)")
ENGLISH_NAME_AFTER: Final = re.compile(
    r"\s*(?:of\s+)?(?P<name>[A-Za-z][A-Za-z-]+(?:\s+(?!and\b|with\b|at\b|in\b|for\b|on\b|to\b|from\b"
    r"|after\b|is\b|are\b)[A-Za-z][A-Za-z-]*){0,3})"
)
ENGLISH_LEAD: Final = re.compile(
    r"\b(?:with|and|the|an?|has|have|having|needs?|requires?|required|wants?|achieves?|achieving"
    r"|keeps?|keeping|reach|reduce|increase|raise|lower|cut|shorten|for|that|its|our|by|from|we"
    r"|must|should|shall|target|where|while|want|get|bring|to)\b\s*|:\s",
    re.IGNORECASE,
)
ENGLISH_TAIL: Final = re.compile(
    r"(?:\s|\b(?:of|is|are|be|must|should|shall|to|reaches|stays?|remains?|at|a|can|has|will|about"
    r"|not|range|ranges|values?)\b|:)+$",
    re.IGNORECASE,
)
