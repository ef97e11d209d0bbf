"""What stands behind addresses that a world of records does not fill by itself.

Secret links that mails and calendars carry, a file in a thread, and an evaluation that was kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.bootstrap import Matchmaker
from matchmaker.domain.permissions import SYSTEM
from matchmaker.matching.evaluation import demo_bench, measure, run_systems
from matchmaker.services import account, alert, calendar, engagement_message, evaluation
from matchmaker.services.account import actor_of
from matchmaker.store.demand import Demand
from matchmaker.store.engagement import Attachment, Engagement
from matchmaker.store.next_step import Alert
from matchmaker.store.organisation import User
from matchmaker.store.outbox import OutboxMail

_RESET: Final = re.compile(r"/account/reset/(\S+)")


def make_links(
    platform: Matchmaker, user_id: int, talks: Engagement, demand_id: int, systems: Sequence[str]
) -> dict[str, dict[str, str]]:
    """Make them for somebody who keeps the demand and takes part in the talks.

    Returns the parameters by endpoint. ``systems`` are those that the evaluation measures.
    """
    bench = demo_bench(platform.settings.data_dir / "demo")
    measured = measure(bench, run_systems(bench, platform.load_encoder(), systems=systems))
    with platform.database.unit_of_work() as uow:
        whose = select(User).where(User.id == user_id).options(joinedload(User.organisation))
        user = uow.session.scalars(whose).one()
        actor = actor_of(user)
        feed = calendar.make_address(uow, actor)
        alert.switch(uow, actor, uow.session.get_one(Demand, demand_id), on=True)
        token = uow.session.scalars(select(Alert.token).where(Alert.demand_id == demand_id)).one()
        account.request_reset(uow, email=user.email, base_url="")
        uow.flush()
        mail = uow.session.scalars(select(OutboxMail.body).order_by(OutboxMail.id.desc())).first()
        reset = _RESET.search(mail or "")
        message = engagement_message.write(
            uow,
            actor,
            platform.attachments,
            engagement_id=talks.public_id,
            body="请看附件。",
            uploads=[engagement_message.Upload("说明.txt", "试样尺寸与工况。".encode())],
        )
        uow.flush()
        file = select(Attachment.public_id).where(Attachment.message_id == message.id)
        kept = evaluation.keep(
            uow, SYSTEM, measured, engine_version=platform.index.version, by="operator"
        )
        return {
            "account.reset": {"token": reset[1] if reset else ""},
            "calendar.feed": {"token": feed},
            "next_step.alert_off": {"token": token},
            "engagement.attachment": {"public_id": uow.session.scalars(file).one()},
            "evaluation.show": {"public_id": kept.public_id},
        }
