"""What people are told of a challenge: texts in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind

_FOR_BUREAU: Final = frozenset({"answered", "opened", "objected", "reported", "scored"})
_TEXTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "asked": {
        "zh_Hans": ("请确认是否同意列为揭榜挂帅：{title}", "科技主管部门拟将贵单位的技术需求列为揭榜挂帅项目《{title}》。榜单只引用需求的公开内容；匿名需求不公开企业名称。请确认是否同意：\n{link}"),
        "en": ("Your consent is asked: {title}", "The bureau would make your demand a challenge, “{title}”. Only what is public of the demand is used; an anonymous demand stays anonymous. Please say whether you consent:\n{link}"),
    },
    "answered": {
        "zh_Hans": ("企业已答复：{title}", "企业已就揭榜挂帅《{title}》引用其需求作出答复。\n{link}"),
        "en": ("A firm has answered: {title}", "A firm has said whether its demand may be used for the challenge “{title}”.\n{link}"),
    },
    "published": {
        "zh_Hans": ("榜单已发布：{title}", "揭榜挂帅《{title}》已发布，揭榜截止时间：{when}。\n{link}"),
        "en": ("The call is open: {title}", "The challenge “{title}” is open for bids until {when}.\n{link}"),
    },
    "extended": {
        "zh_Hans": ("揭榜截止时间延后：{title}", "揭榜挂帅《{title}》的截止时间延至 {when}。\n{link}"),
        "en": ("More time: {title}", "Bids for the challenge “{title}” are taken until {when}.\n{link}"),
    },
    "received": {
        "zh_Hans": ("揭榜方案已收到：{title}", "您对《{title}》的揭榜方案已收到。截止前（{when}）可修改或撤回；截止前任何人（包括主管部门）都看不到方案内容。\n{link}"),
        "en": ("Your bid is received: {title}", "Your bid for “{title}” is received. Until {when} you can change it or take it back; before that nobody reads it, the bureau included.\n{link}"),
    },
    "closing": {
        "zh_Hans": ("揭榜方案尚未提交：{title}", "您对《{title}》的揭榜方案还是草稿，截止时间：{when}。逾期一律不收。\n{link}"),
        "en": ("Your bid is still a draft: {title}", "Your bid for “{title}” has not been submitted. Bids are taken until {when}, not a minute longer.\n{link}"),
    },
    "appointed": {
        "zh_Hans": ("聘请您为评审专家：{title}", "科技主管部门聘请您担任揭榜挂帅《{title}》的评审专家。评审开始后您会收到通知；如与某个方案有利害关系，请申报回避。\n{link}"),
        "en": ("You are appointed as an expert: {title}", "The bureau asks you to score the bids for the challenge “{title}”. You are told when scoring begins; declare a conflict of interest where there is one.\n{link}"),
    },
    "opened": {
        "zh_Hans": ("揭榜已截止：{title}", "揭榜挂帅《{title}》已截止，可以查看方案、组织评审。\n{link}"),
        "en": ("Bids are closed: {title}", "The challenge “{title}” is closed for bids: open them and let experts score.\n{link}"),
    },
    "scoring": {
        "zh_Hans": ("请开始评审：{title}", "揭榜挂帅《{title}》的评审已开始，请在 {when} 前完成打分。评审结束前，任何人看不到他人的分数。\n{link}"),
        "en": ("Please score: {title}", "Scoring for the challenge “{title}” has begun; please finish by {when}. Until it ends nobody sees what others gave.\n{link}"),
    },
    "scored": {
        "zh_Hans": ("评审已完成：{title}", "揭榜挂帅《{title}》的方案均已达到规定的评分数，可以开启评分并公示。\n{link}"),
        "en": ("Everything is scored: {title}", "Every bid for the challenge “{title}” has the scores it needs: open them and begin publicity.\n{link}"),
    },
    "publicity": {
        "zh_Hans": ("评审结果公示：{title}", "揭榜挂帅《{title}》的评审结果正在公示，公示至 {when}。\n{link}"),
        "en": ("In publicity: {title}", "What was found for the challenge “{title}” is public until {when}.\n{link}"),
    },
    "objected": {
        "zh_Hans": ("收到异议：{title}", "有人对揭榜挂帅《{title}》的公示结果提出异议，请书面答复。\n{link}"),
        "en": ("An objection: {title}", "Somebody objects to what is announced for “{title}”. It waits for a written answer.\n{link}"),
    },
    "decided": {
        "zh_Hans": ("异议答复：{title}", "您对《{title}》公示结果的异议已答复：\n\n{answer}\n{link}"),
        "en": ("Your objection is answered: {title}", "Your objection about “{title}”:\n\n{answer}\n{link}"),
    },
    "barred": {
        "zh_Hans": ("揭榜资格取消：{title}", "您对《{title}》的揭榜方案已取消资格。理由：\n\n{answer}\n{link}"),
        "en": ("Your bid is barred: {title}", "Your bid for “{title}” takes no further part. Reason:\n\n{answer}\n{link}"),
    },
    "awarded": {
        "zh_Hans": ("中榜通知：{title}", "祝贺！您的方案中榜《{title}》，合同信息已登记。\n{link}"),
        "en": ("Your bid has won: {title}", "Congratulations: your bid for “{title}” has won, and the contract is noted.\n{link}"),
    },
    "contracted": {
        "zh_Hans": ("揭榜挂帅已签约：{title}", "揭榜挂帅《{title}》公示结束，已与中榜方签订合同，攻关开始。\n{link}"),
        "en": ("A contract is made: {title}", "Publicity is over and the contract for the challenge “{title}” is noted: the work begins.\n{link}"),
    },
    "declined": {
        "zh_Hans": ("揭榜结果：{title}", "您对《{title}》的揭榜方案未中榜，感谢参与。评分见：\n{link}"),
        "en": ("The result: {title}", "Your bid for “{title}” was not chosen; thank you for it. Your scores:\n{link}"),
    },
    "reported": {
        "zh_Hans": ("已提交中期报告：{title}", "揭榜挂帅《{title}》的中榜方提交了中期报告，请检查。\n{link}"),
        "en": ("A midterm report: {title}", "The winner of “{title}” has written the midterm report.\n{link}"),
    },
    "assessed": {
        "zh_Hans": ("中期检查结论：{title}", "《{title}》中期检查：\n\n{answer}\n{link}"),
        "en": ("Midterm verdict: {title}", "Midway through “{title}”:\n\n{answer}\n{link}"),
    },
    "corrected": {
        "zh_Hans": ("合同信息更正：{title}", "揭榜挂帅《{title}》登记的合同编号或金额已更正。理由：\n\n{answer}\n{link}"),
        "en": ("The contract is corrected: {title}", "Number or amount of the contract noted for “{title}” has been corrected. Reason:\n\n{answer}\n{link}"),
    },
    # How a challenge ends: by the state that it ends in.
    "accepted": {
        "zh_Hans": ("验收通过：{title}", "揭榜挂帅《{title}》已通过验收。\n\n{answer}\n{link}"),
        "en": ("The work is accepted: {title}", "The work of the challenge “{title}” is accepted.\n\n{answer}\n{link}"),
    },
    "not_accepted": {
        "zh_Hans": ("未通过验收：{title}", "揭榜挂帅《{title}》未通过验收，关联的需求（如有）重新公开征集。理由：\n\n{answer}\n{link}"),
        "en": ("The work is not accepted: {title}", "The work of the challenge “{title}” is not accepted; demands behind it, if any, are published again. Reason:\n\n{answer}\n{link}"),
    },
    "withdrawn": {
        "zh_Hans": ("已撤榜：{title}", "主管部门撤回了揭榜挂帅《{title}》，关联的需求（如有）重新公开征集。理由：\n\n{answer}\n{link}"),
        "en": ("The call is withdrawn: {title}", "The bureau has withdrawn the challenge “{title}”; demands behind it, if any, are published again. Reason:\n\n{answer}\n{link}"),
    },
    "failed": {
        "zh_Hans": ("流榜：{title}", "揭榜挂帅《{title}》没有符合条件的揭榜方案，关联的需求（如有）重新公开征集。\n\n{answer}\n{link}"),
        "en": ("The call has failed: {title}", "The challenge “{title}” found no eligible bid; demands behind it, if any, are published again.\n\n{answer}\n{link}"),
    },
}  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {
    f"challenge_{what}": Kind(
        group="review" if what in _FOR_BUREAU else "introduction",
        texts=texts,
        kept=frozenset({"answer"}) if "{answer}" in texts["en"][1] else frozenset(),
        detail="answer" if "{answer}" in texts["en"][1] else "",
    )
    for what, texts in _TEXTS.items()
}
