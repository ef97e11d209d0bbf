"""Asking both sides of a match, and answering."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, g, redirect, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from matchmaker.domain.errors import Conflict, Invalid, NotFound
from matchmaker.domain.introduction import answer_due
from matchmaker.domain.permissions import available_actions, require
from matchmaker.domain.vocabulary import REASONS
from matchmaker.services import introduction as service
from matchmaker.services.party import side_of
from matchmaker.store.database import UnitOfWork
from matchmaker.store.engagement import Engagement
from matchmaker.store.introduction import Introduction
from matchmaker.store.match import Match
from matchmaker.store.organisation import Organisation, User
from matchmaker.store.queries import match_review
from matchmaker.store.queries.introduction import company_named
from matchmaker.web.engagement.detail import record_link
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.i18n import gettext as _
from matchmaker.web.i18n import locale
from matchmaker.web.introduction.pages import AskPage, IntroductionPage, SideAnswer
from matchmaker.web.match.pair import pair_of
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("introduction", __name__, url_prefix="/introductions")
_ANSWERING: Final = ("company", "institution")


@blueprint.get("/matches/<match_id>")
def new(match_id: str) -> Response:
    """The question to both sides of a match, to be written."""
    return _ask_page(match_id, EMPTY)


@blueprint.post("/matches/<match_id>")
def ask(match_id: str) -> Response:
    """Ask both sides."""
    try:
        with matchmaker().unit_of_work() as uow:
            made = service.ask(
                uow,
                g.actor,
                match_id=match_id,
                company_message=request.form.get("company_message", ""),
                institution_message=request.form.get("institution_message", ""),
                calendar=matchmaker().calendar,
                base_url=matchmaker().settings.base_url,
            )
    except Invalid as error:
        return _ask_page(match_id, refused("ask", error), 422)
    except Conflict:
        return _ask_page(match_id, Filled(form="ask", values=request.form.to_dict()), 409)
    flash(_("Both sides have been asked by mail."), "success")
    return redirect(url_for(".show", public_id=made.public_id), code=303)


@blueprint.get("/<public_id>")
def show(public_id: str) -> Response:
    """One introduction, for the side that reads it."""
    return _page(public_id, EMPTY)


@blueprint.post("/<public_id>/accept")
def accept(public_id: str) -> Response:
    """Accept for one's side; when both have, go on to the engagement."""
    with matchmaker().unit_of_work() as uow:
        found = service.accept(
            uow,
            g.actor,
            introduction_id=public_id,
            calendar=matchmaker().calendar,
            base_url=matchmaker().settings.base_url,
        )
    if found.state == "mutual":
        flash(_("Both sides have accepted: contact data is open."), "success")
    else:
        flash(_("Thank you. You get a mail when the other side has answered."), "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


@blueprint.post("/<public_id>/decline")
def decline(public_id: str) -> Response:
    """Decline for one's side."""
    try:
        with matchmaker().unit_of_work() as uow:
            service.decline(
                uow,
                g.actor,
                introduction_id=public_id,
                reason=request.form.get("reason", ""),
                note=request.form.get("note", ""),
                base_url=matchmaker().settings.base_url,
            )
    except Invalid as error:
        return _page(public_id, refused("decline", error), 422)
    told = _("Declined. The other side gets a kind word and the reason; the broker your note.")
    flash(told, "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


@blueprint.post("/<public_id>/withdraw")
def withdraw(public_id: str) -> Response:
    """Take the question back."""
    with matchmaker().unit_of_work() as uow:
        service.withdraw(
            uow,
            g.actor,
            introduction_id=public_id,
            base_url=matchmaker().settings.base_url,
        )
    flash(_("Withdrawn; both sides are told."), "success")
    return redirect(url_for(".show", public_id=public_id), code=303)


def _ask_page(match_id: str, filled: Filled, status: int = 200) -> Response:
    require(g.actor, "introduction", "ask")
    with matchmaker().reading() as uow:
        match = match_review.one(uow, g.actor, match_id)
        if match is None:
            msg = "There is no such match."
            raise NotFound(msg, noun="match")
        page = AskPage(
            pair=pair_of(uow, g.actor, match),
            company=match.demand.organisation.name,
            institution=match.outcome.organisation.name,
            anonymous=match.demand.disclosure == "anonymous",
            due=answer_due(matchmaker().calendar, uow.now),
            filled=filled,
            conflict=service.is_open(uow, match),
        )
    return render(page, status)


def _page(public_id: str, filled: Filled, status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        found = service.load(uow, g.actor, public_id)
        side = side_of(g.actor, found)
        actions = available_actions(g.actor, "introduction", found)
        answered = getattr(found, f"{side}_answer", None) is not None
        page = IntroductionPage(
            public_id=public_id,
            state=found.state,
            side=side,
            demand=record_link(g.actor, "demand", found.demand),
            outcome=record_link(g.actor, "outcome", found.outcome),
            pair_href=_pair_href(uow, found),
            broker_name=uow.session.get_one(User, found.broker_id).name,
            asked_at=found.asked_at,
            due_at=found.due_at,
            sides=tuple(_answer(uow, found, one, side) for one in _ANSWERING),
            may_answer="accept" in actions and not answered and found.due_at >= uow.now,
            may_withdraw="withdraw" in actions,
            engagement_href=_engagement_href(uow, found),
            reasons=tuple((code, term.text(locale())) for code, term in REASONS.items()),
            filled=filled,
        )
    return render(page, status)


def _answer(uow: UnitOfWork, found: Introduction, side: str, reader: str) -> SideAnswer:
    """A side as its reader may see it.

    While the question is open, no side learns whether the other has answered.
    """
    company = side == "company"
    organisation = uow.session.get_one(
        Organisation, found.company_id if company else found.institution_id
    )
    named = not company or company_named(g.actor, found.demand, found.state)
    concerned = reader in {side, "broker"}
    told = concerned or found.state != "asked"
    return SideAnswer(
        side=side,
        organisation=organisation.name if named else None,
        answer=getattr(found, f"{side}_answer") if told else None,
        at=getattr(found, f"{side}_answered_at") if told else None,
        reason=getattr(found, f"{side}_reason") if told else None,
        note=getattr(found, f"{side}_note") if concerned else "",
        message=getattr(found, f"{side}_message") if concerned else "",
    )


def _pair_href(uow: UnitOfWork, found: Introduction) -> str:
    """The page that says why the two were matched, where it opens to the reader."""
    match = uow.session.get_one(Match, found.match_id)
    opened = match_review.one(uow, g.actor, match.public_id)
    return url_for("match.show", public_id=match.public_id) if opened else ""


def _engagement_href(uow: UnitOfWork, found: Introduction) -> str:
    public_id = uow.session.scalar(
        select(Engagement.public_id).where(Engagement.introduction_id == found.id)
    )
    return url_for("engagement.show", public_id=public_id) if public_id else ""
