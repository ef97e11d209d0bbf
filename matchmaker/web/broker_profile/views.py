"""A broker's profile: edited by the broker, or by the bureau."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Invalid, NotFound
from matchmaker.domain.permissions import require
from matchmaker.services import broker_profile as service
from matchmaker.services.broker_profile import Profile
from matchmaker.store.database import UnitOfWork
from matchmaker.store.organisation import User
from matchmaker.web.broker_profile.forms import BrokerProfileForm, profile_problem
from matchmaker.web.broker_profile.pages import BrokerProfilePage
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("broker_profile", __name__, url_prefix="/broker-profile")


@blueprint.route("/", methods=["GET", "POST"])
def edit_own() -> Response:
    """One's own profile."""
    return _edit(None)


@blueprint.route("/<public_id>", methods=["GET", "POST"])
def edit(public_id: str) -> Response:
    """Any broker's profile, for the bureau."""
    return _edit(public_id)


def _edit(public_id: str | None) -> Response:
    form, platform = BrokerProfileForm(), matchmaker()
    form.offer(platform.plan)
    with platform.reading() as uow:
        user = _user(uow, public_id)
        profile = service.profile_of(uow, user)
        require(g.actor, "broker_profile", "edit", profile)
        stored = bool(profile.version)
        if not form.is_submitted():
            form.process(obj=profile)
            form.version.data = str(profile.version or 0)
        page = BrokerProfilePage(name=user.name, own=public_id is None, stored=stored, form=form)
    if not form.is_submitted():
        return render(page)
    if not form.validate():
        return render(page, 422)
    try:
        with platform.unit_of_work() as uow:
            service.edit(
                uow,
                g.actor,
                user=_user(uow, public_id),
                given=_given(form),
                plan=platform.plan,
                version=_version(form),
            )
    except Invalid as error:
        for name, code in error.fields.items():
            form[name].errors = [profile_problem(code)]
        return render(page, 422)
    platform.assign_later()
    flash(_("Saved. Matches are assigned by it from now on."), "success")
    after = url_for("match_review.queue") if public_id is None else url_for("assignment.overview")
    return redirect(after, code=303)


def _user(uow: UnitOfWork, public_id: str | None) -> User:
    wanted = User.id == g.actor.user_id if public_id is None else User.public_id == public_id
    user = uow.session.scalars(select(User).where(wanted, User.role == "broker")).one_or_none()
    if user is None:
        msg = "There is no such broker."
        raise NotFound(msg, noun="user")
    return user


def _given(form: BrokerProfileForm) -> Profile:
    return Profile(
        level=form.level.data or "",
        fields=form.fields.data or [],
        clusters=form.clusters.data or [],
        regions=form.regions.data or [],
        weekly_capacity=form.weekly_capacity.data or 0,
        away_until=form.away_until.data,
    )


def _version(form: BrokerProfileForm) -> int:
    written = form.version.data or ""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else 0  # noqa: PLR2004 - nobody edits a million times
