"""An association's desk: its members' demands, and the step to a referral."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Conflict, Invalid, NotFound, WrongState
from matchmaker.domain.permissions import require
from matchmaker.domain.visibility import MATCHED_STATES
from matchmaker.services import membership, referral
from matchmaker.store.queries import association as query
from matchmaker.store.queries import match as match_query
from matchmaker.store.queries import membership as membership_query
from matchmaker.web.association.pages import AssociationDeskPage, Choice, MemberDemandPage
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.i18n import gettext as _
from matchmaker.web.pages import Numbered, Tab, render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("association", __name__, url_prefix="/association")
_ACTIONS: Final = frozenset({"recommend", "propose"})


@blueprint.get("/")
def desk() -> Response:
    """The members' demands."""
    return _desk()


@blueprint.get("/demands/<public_id>")
def show(public_id: str) -> Response:
    """One demand of a member."""
    return _page(public_id, EMPTY)


@blueprint.post("/demands/<public_id>/remind")
def remind(public_id: str) -> Response:
    """Remind the member of it."""
    try:
        with matchmaker().unit_of_work() as uow:
            membership.remind(uow, g.actor, demand_id=public_id)
    except WrongState:
        told = _("The firm was reminded of this demand within the last seven days.")
        return _desk(told, 409)
    flash(_("The firm is reminded."), "success")
    return redirect(url_for(".desk", view="expiring"), code=303)


@blueprint.post("/demands/<public_id>/refer")
def refer(public_id: str) -> Response:
    """Recommend an outcome to the member, or put the pair to brokers."""
    action = request.form.get("action", "")
    if action not in _ACTIONS:
        action = "recommend"
    try:
        with matchmaker().unit_of_work() as uow:
            referral.refer(
                uow,
                g.actor,
                demand_id=public_id,
                outcome_id=_outcome_id(request.form.get("outcome", "")),
                action=action,
                note=request.form.get("note", ""),
            )
    except Invalid as error:
        return _page(public_id, refused("refer", error), status=422)
    except NotFound as error:
        if error.values.get("noun") != "outcome":
            raise
        unknown = Invalid("No such outcome.", {"outcome": "no_outcome"})
        return _page(public_id, refused("refer", unknown), status=422)
    except Conflict:
        return _page(public_id, EMPTY, _("This pair was put forward already."), 409)
    except WrongState:
        return _page(public_id, EMPTY, _("One of the two is no longer open to matching."), 409)
    told = (
        _("Recommended: the firm says whether it wants a broker to look into it.")
        if action == "recommend"
        else _("Put to the brokers.")
    )
    flash(told, "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


def _outcome_id(written: str) -> str:
    """The outcome's public id, given as it is or as the address of its page."""
    return written.strip().split("?", maxsplit=1)[0].rstrip("/").rsplit("/", maxsplit=1)[-1]


def _desk(error: str = "", status: int = 200) -> Response:
    require(g.actor, "association", "desk")
    view = request.args.get("view", "all")
    view = view if view in query.VIEWS else "all"
    pages = Numbered.from_request()
    with matchmaker().reading() as uow:
        counts = query.counts(uow, g.actor)
        rows = query.demands(
            uow,
            g.actor,
            view=view,
            again=uow.now - membership.REMINDED_AGAIN,
            limit=pages.size,
            offset=pages.offset,
        )
        members = membership_query.count(uow, g.actor, "active")
    labels = {
        "all": _("All"),
        "unmatched": _("Without a usable match"),
        "expiring": _("Expiring soon"),
        "engaged": _("In talks or contracted"),
    }
    tabs = tuple(
        Tab(
            label=labels[one],
            href=url_for(".desk", view=one),
            count=counts[one],
            current=one == view,
        )
        for one in query.VIEWS
    )
    page = AssociationDeskPage(
        tabs=tabs,
        rows=rows,
        members=members,
        error=error,
        **pages.of(counts[view]),
    )
    return render(page, status)


def _page(public_id: str, filled: Filled, error: str = "", status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        demand, _membership = membership.of_member(uow, g.actor, public_id)
        found = match_query.shortlist_for_demand(uow, g.actor, demand.id)
        put = query.referrals(uow, g.actor, demand_id=demand.id)
        known = {one.outcome_id for one in put}
        page = MemberDemandPage(
            public_id=demand.public_id,
            title=demand.title,
            state=demand.state,
            firm=demand.organisation.name,
            choices=tuple(
                Choice(suggestion=one, put=one.outcome.public_id in known) for one in found
            ),
            referrals=put,
            refers=demand.state in MATCHED_STATES["demand"],
            filled=filled,
            error=error,
        )
    return render(page, status)
