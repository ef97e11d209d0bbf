"""What firms and associations are told of memberships and referrals: texts in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind

_MEMBERSHIPS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "request": {
        "zh_Hans": ("企业申请入会：{title}", "{title}申请加入贵协会，请答复。\n{link}"),
        "en": ("A firm asks to join: {title}", "{title} asks to join your association. Please answer.\n{link}"),
    },
    "invite": {
        "zh_Hans": ("协会邀请入会：{title}", "{title}邀请贵单位入会。入会后，协会可看到贵单位公开发布的需求；匿名需求仍然匿名，除非贵单位另行开放。\n{link}"),
        "en": ("An invitation to join {title}", "{title} invites your firm to join. It would see the demands that you publish; anonymous ones stay anonymous unless you open them to it.\n{link}"),
    },
    "admit": {
        "zh_Hans": ("已加入：{title}", "{title}已同意贵单位入会。\n{link}"),
        "en": ("You have joined {title}", "{title} has accepted your firm as a member.\n{link}"),
    },
    "join": {
        "zh_Hans": ("新会员：{title}", "{title}已接受邀请，成为会员。\n{link}"),
        "en": ("A new member: {title}", "{title} has accepted your invitation.\n{link}"),
    },
    "decline": {
        "zh_Hans": ("未能入会：{title}", "与{title}的入会申请或邀请未被接受或已撤回。\n{link}"),
        "en": ("No membership: {title}", "The request or invitation between you and {title} was declined or taken back.\n{link}"),
    },
    "leave": {
        "zh_Hans": ("会员关系已结束：{title}", "与{title}的会员关系已结束。\n{link}"),
        "en": ("Membership ended: {title}", "The membership between you and {title} has ended.\n{link}"),
    },
}  # fmt: skip
_REMINDER: Final = {
    "zh_Hans": ("协会提醒：{title}", "{association}提醒贵单位查看需求《{title}》（有效期至 {until}）：仍然有效请延期，已解决请关闭。\n{link}"),
    "en": ("A reminder from your association: {title}", "{association} reminds you of your demand “{title}”, which is valid until {until}: extend it if it still holds, close it if it is solved.\n{link}"),
}  # fmt: skip
_REFERRALS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "recommend": {
        "zh_Hans": ("协会荐来成果：{title}", "{association}为贵单位的需求《{title}》推荐了一项成果：\n\n{note}\n\n请看是否请经纪人对接：\n{link}"),
        "en": ("An outcome for: {title}", "{association} recommends an outcome for your demand “{title}”:\n\n{note}\n\nSay whether a broker shall look into it:\n{link}"),
    },
    "want": {
        "zh_Hans": ("企业愿意对接：{title}", "企业同意请经纪人就需求《{title}》与所荐成果对接。\n{link}"),
        "en": ("The firm wants it: {title}", "The firm would like a broker to look into the outcome that you recommended for “{title}”.\n{link}"),
    },
    "take": {
        "zh_Hans": ("经纪人已受理：{title}", "经纪人已受理贵协会就需求《{title}》提出的配对。\n{link}"),
        "en": ("Taken up: {title}", "A broker has taken up the pair that you put forward for “{title}”.\n{link}"),
    },
    "decline": {
        "zh_Hans": ("推荐未被采用：{title}", "就需求《{title}》的推荐未被采用。{answer}\n{link}"),
        "en": ("Not taken up: {title}", "What you put forward for “{title}” was declined. {answer}\n{link}"),
    },
}  # fmt: skip
KINDS: Final[Mapping[str, Kind]] = {
    **{
        f"membership_{what}": Kind(group="organisation", texts=texts)
        for what, texts in _MEMBERSHIPS.items()
    },
    "membership_remind": Kind(group="record", texts=_REMINDER),
    **{
        f"referral_{what}": Kind(
            group="match", texts=texts, kept=frozenset({"answer"}), detail="answer"
        )
        for what, texts in _REFERRALS.items()
    },
}
