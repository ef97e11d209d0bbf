"""Mail about accounts and organisations, in the language of whoever receives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matchmaker.domain.notification import Kind
from matchmaker.services import mail
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import User

# These mails leave always and are no notification: they concern the account itself.
_TEXTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "reset": {
        "zh_Hans": ("重新设置密码", "请在一小时内打开以下链接设置新密码：\n\n{link}\n\n如果不是您本人操作，请忽略此邮件，密码不会改变。"),
        "en": ("Set a new password", "Open this link within an hour to set a new password:\n\n{link}\n\nIf you did not ask for this, ignore the mail; your password stays."),
    },
    # Nothing that the registrant typed stands here: the form must not carry words to strangers.
    "welcome_first": {
        "zh_Hans": ("注册成功", "您已注册成功，并成为所登记单位的管理员。科技主管部门核验单位后，即可提交需求或成果；在此之前可以先保存草稿。\n\n{link}\n\n如果不是您本人注册，请忽略此邮件。"),
        "en": ("You are registered", "You are registered and manage the organisation you named. Once the bureau has verified it you can submit records; until then you can save drafts.\n\n{link}\n\nIf you did not register, ignore this mail."),
    },
    "welcome": {
        "zh_Hans": ("注册成功", "您已注册成功。您所在单位的管理员（或科技主管部门）确认您的成员身份后，即可代表单位提交需求或成果；确认之前可以先浏览公开内容。\n\n{link}\n\n如果不是您本人注册，请忽略此邮件。"),
        "en": ("You are registered", "You are registered. Once a manager of your organisation (or the bureau) has confirmed your membership you can act for it; until then you can read what is public.\n\n{link}\n\nIf you did not register, ignore this mail."),
    },
    "already": {
        "zh_Hans": ("您已注册", "有人用您的邮箱再次注册。您已有账号，可直接登录；如忘记密码，请重新设置：\n\n{link}"),
        "en": ("You are registered already", "Somebody tried to register your address again. You have an account: log in, or set a new password:\n\n{link}"),
    },
}  # fmt: skip
# Here {title} is the organisation's name.
_ORGANISATION: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "verified": {
        "zh_Hans": ("单位已通过核验：{title}", "“{title}”已通过核验，现在可以提交需求或成果。"),
        "en": ("Organisation verified: {title}", "“{title}” has been verified; records can now be submitted."),
    },
    "rejected": {
        "zh_Hans": ("单位未通过核验：{title}", "“{title}”未通过核验。\n\n原因：{note}\n\n更正单位信息后会再次核验。"),
        "en": ("Organisation not verified: {title}", "“{title}” was not verified.\n\nReason: {note}\n\nCorrect its data and it will be looked at again."),
    },
    "joined": {
        "zh_Hans": ("有人申请加入：{name}", "{name}申请加入“{title}”。请确认是否为本单位人员："),
        "en": ("Somebody asks to join: {name}", "{name} asks to join “{title}”. Please confirm whether they belong to it:"),
    },
    "removed": {
        "zh_Hans": ("成员身份已取消", "您在“{title}”的成员身份已被取消，不能再代表该单位操作。如有疑问，请联系单位管理员。"),
        "en": ("Membership ended", "Your membership of “{title}” has been ended; you can no longer act for it. Ask its managers if this is a mistake."),
    },
    "refused": {
        "zh_Hans": ("加入申请未通过", "“{title}”未确认您为其成员，您不能代表该单位操作。如有疑问，请联系单位管理员。"),
        "en": ("Request to join refused", "“{title}” has not confirmed that you belong to it; you cannot act for it. Ask its managers if this is a mistake."),
    },
    "manager": {
        "zh_Hans": ("您已成为单位管理员", "您已成为“{title}”的管理员，可以修改单位信息、确认成员、审核本单位成果。"),
        "en": ("You manage an organisation", "You are now a manager of “{title}”: you can edit its data, confirm its people and approve its outcomes."),
    },
    "approved": {
        "zh_Hans": ("成员身份已确认", "您在“{title}”的成员身份已确认。"),
        "en": ("Membership confirmed", "Your membership of “{title}” has been confirmed."),
    },
}  # fmt: skip
# What takes rights away or gives more of them is told at once, whatever was chosen.
_ALWAYS: Final = frozenset({"removed", "refused", "manager"})
KINDS: Final[Mapping[str, Kind]] = {
    f"organisation_{what}": Kind(
        group="organisation",
        texts=texts,
        kept=frozenset({"note", "name"}),
        detail="note",
        place="/members" if what == "joined" else "",
        always=what in _ALWAYS,
    )
    for what, texts in _ORGANISATION.items()
}


def joining(name: str) -> tuple[str, ...]:
    """The lines that tell of somebody's request to join, in every language."""
    return tuple(subject.format(name=name) for subject, _body in _ORGANISATION["joined"].values())


def reset(uow: UnitOfWork, user: User, link: str) -> None:
    """Send the link for a new password."""
    tell(uow, user, "reset", link=link)


def tell(uow: UnitOfWork, user: User, what: str, **values: str) -> None:
    """Queue a mail of a kind to a user."""
    texts = _TEXTS[what]
    subject, body = texts.get(user.locale, texts["zh_Hans"])
    mail.queue(uow, user.email, subject.format(**values), body.format(**values))
