"""The bureau's desk of one challenge: every step it takes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from flask import Blueprint, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.challenge_vocabulary import MIDTERM_VERDICTS
from matchmaker.domain.errors import Invalid
from matchmaker.domain.permissions import available_actions, may, require
from matchmaker.services import challenge as service
from matchmaker.services import challenge_clock, challenge_decision, challenge_score
from matchmaker.store.challenge import Challenge
from matchmaker.store.database import UnitOfWork
from matchmaker.store.queries import challenge as query
from matchmaker.store.queries import challenge_expert as people
from matchmaker.store.queries import challenge_judging as judging
from matchmaker.web.catalogue.address import read_query
from matchmaker.web.challenge.pages import Course, ManagePage, RankingRow
from matchmaker.web.challenge.reading import money_from, time_from, view_of
from matchmaker.web.challenge.wording import done_text, milestones
from matchmaker.web.engagement.problems import EMPTY, Filled, refused
from matchmaker.web.i18n import term
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker
from matchmaker.web.record.forms import amount
from matchmaker.web.version import version_from_form

_Step = Callable[[UnitOfWork], object]
_STEPS: Final = (
    *("argue", "publish", "extend", "close", "appoint", "dismiss", "begin_scoring", "announce"),
    *("award", "correct", "assess", "conclude", "withdraw", "drop"),
)


def install(blueprint: Blueprint) -> None:
    """Add the addresses of the desk; every step is a form of its page."""
    blueprint.add_url_rule("/<public_id>/manage", view_func=manage)
    for name in _STEPS:
        path = f"/<public_id>/{name.replace('_', '-')}"
        blueprint.add_url_rule(path, name, globals()[name], methods=["POST"])
    blueprint.add_url_rule(
        "/<public_id>/objections/<objection_id>", view_func=decide, methods=["POST"]
    )


def manage(public_id: str) -> Response:
    """The desk."""
    return _page(public_id)


def argue(public_id: str) -> Response:
    """Record what experts argued."""

    def step(uow: UnitOfWork) -> object:
        said, by = request.form.get("opinion", ""), request.form.get("argued_by", "")
        return service.argue(uow, g.actor, challenge_id=public_id, opinion=said, argued_by=by)

    return _act(public_id, "argue", step)


def publish(public_id: str) -> Response:
    """Open the call."""

    def step(uow: UnitOfWork) -> object:
        until = time_from("bids_until")
        return service.publish(
            uow, g.actor, challenge_id=public_id, bids_until=until, base_url=_site()
        )

    return _act(public_id, "publish", step)


def extend(public_id: str) -> Response:
    """Put the deadline off."""

    def step(uow: UnitOfWork) -> object:
        until = time_from("bids_until")
        return service.extend(
            uow, g.actor, challenge_id=public_id, bids_until=until, base_url=_site()
        )

    return _act(public_id, "extend", step)


def close(public_id: str) -> Response:
    """Open the bids of a call whose deadline is over."""

    def step(uow: UnitOfWork) -> object:
        return challenge_clock.close(uow, g.actor, challenge_id=public_id, base_url=_site())

    return _act(public_id, "close", step)


def appoint(public_id: str) -> Response:
    """Appoint an expert."""

    def step(uow: UnitOfWork) -> None:
        chosen = request.form.get("expert", "")
        challenge_score.appoint(
            uow, g.actor, challenge_id=public_id, user_id=chosen, base_url=_site()
        )

    return _act(public_id, "appoint", step)


def dismiss(public_id: str) -> Response:
    """Take an appointment back."""

    def step(uow: UnitOfWork) -> None:
        chosen = request.form.get("expert", "")
        challenge_score.dismiss(uow, g.actor, challenge_id=public_id, user_id=chosen)

    return _act(public_id, "appoint", step)


def begin_scoring(public_id: str) -> Response:
    """Let experts score."""

    def step(uow: UnitOfWork) -> object:
        until = time_from("scores_until")
        return challenge_score.begin(
            uow, g.actor, challenge_id=public_id, scores_until=until, base_url=_site()
        )

    return _act(public_id, "scoring", step)


def announce(public_id: str) -> Response:
    """End scoring and announce the best bid."""

    def step(uow: UnitOfWork) -> object:
        return challenge_decision.announce(
            uow,
            g.actor,
            challenge_id=public_id,
            calendar=matchmaker().calendar,
            base_url=_site(),
        )

    return _act(public_id, "announce", step)


def decide(public_id: str, objection_id: str) -> Response:
    """Answer an objection."""

    def step(uow: UnitOfWork) -> object:
        return challenge_decision.decide(
            uow,
            g.actor,
            objection_id=objection_id,
            upholds=request.form.get("decision") == "uphold",
            answer=request.form.get("answer", ""),
            base_url=_site(),
        )

    return _act(public_id, f"objection-{objection_id}", step)


def award(public_id: str) -> Response:
    """Note the contract."""

    def step(uow: UnitOfWork) -> object:
        return challenge_decision.award(
            uow,
            g.actor,
            challenge_id=public_id,
            number=request.form.get("number", ""),
            amount=_contract_amount(),
            base_url=_site(),
        )

    return _act(public_id, "award", step)


def correct(public_id: str) -> Response:
    """Correct the contract that was noted."""

    def step(uow: UnitOfWork) -> object:
        return challenge_decision.correct(
            uow,
            g.actor,
            challenge_id=public_id,
            number=request.form.get("number", ""),
            amount=_contract_amount(),
            reason=request.form.get("reason", ""),
            version=version_from_form(),
            base_url=_site(),
        )

    return _act(public_id, "correct", step)


def assess(public_id: str) -> Response:
    """Say midway whether the work goes on."""

    def step(uow: UnitOfWork) -> object:
        verdict, note = request.form.get("verdict", ""), request.form.get("note", "")
        return challenge_decision.assess(
            uow, g.actor, challenge_id=public_id, verdict=verdict, note=note, base_url=_site()
        )

    return _act(public_id, "assess", step)


def conclude(public_id: str) -> Response:
    """Accept the work or not, or end a call that found no eligible bid."""
    action = request.form.get("action", "")
    if action not in ("accept", "refuse", "fail"):
        return _page(public_id, status=422)

    def step(uow: UnitOfWork) -> object:
        reason = request.form.get("reason", "")
        return challenge_decision.conclude(
            uow, g.actor, challenge_id=public_id, action=action, reason=reason, base_url=_site()
        )

    return _act(public_id, "conclude", step)


def withdraw(public_id: str) -> Response:
    """Take the call back."""

    def step(uow: UnitOfWork) -> object:
        reason = request.form.get("reason", "")
        return service.withdraw(
            uow, g.actor, challenge_id=public_id, reason=reason, base_url=_site()
        )

    return _act(public_id, "withdraw", step)


def drop(public_id: str) -> Response:
    """Leave a demand out."""

    def step(uow: UnitOfWork) -> None:
        link = request.form.get("link", "")
        service.drop(uow, g.actor, challenge_id=public_id, link_id=link)

    return _act(public_id, "drop", step)


def _act(public_id: str, form: str, step: _Step) -> Response:
    """Take a step of the desk; what is refused is shown beside its form."""
    try:
        with matchmaker().unit_of_work() as uow:
            step(uow)
    except Invalid as error:
        return _page(public_id, refused(form, error), 422)
    flash(done_text(form), "success")
    return redirect(url_for(".manage", public_id=public_id), code=303)


def _contract_amount() -> Decimal | None:
    problems: dict[str, str] = {}
    written = money_from("amount", problems)
    if problems:
        msg = "The amount cannot be read."
        raise Invalid(msg, problems)
    return written


def _site() -> str:
    return matchmaker().settings.base_url


def _page(public_id: str, filled: Filled = EMPTY, status: int = 200) -> Response:
    with matchmaker().reading() as uow:
        challenge = service.load(uow, g.actor, public_id)
        require(g.actor, "challenge", "manage", challenge)
        actions = available_actions(g.actor, "challenge", challenge)
        wanted = read_query(request.args.get("expert", ""))[:80]
        view = view_of(challenge, uow.now)
        opened = "open_bids" in actions
        unsealed = may(g.actor, "challenge", "unseal", challenge)
        until = challenge.publicity_until
        proposed = challenge_decision.proposed(uow, challenge) if unsealed else None
        page = ManagePage(
            challenge=view,
            actions=actions,
            milestones=milestones(challenge, view.state),
            course=_course(challenge),
            demands=query.links_of(uow, g.actor, challenge.id),
            experts=people.experts(uow, challenge),
            candidates=people.candidates(uow, challenge, wanted) if "appoint" in actions else (),
            wanted=wanted,
            bids=judging.bids(uow, challenge.id) if opened else (),
            ranking=_ranking(uow, challenge) if unsealed else (),
            objections=query.objections_of(uow, g.actor, challenge.id),
            closable=challenge.state == "published" and view.state == "closed",
            publicity_over=until is not None and until <= uow.now,
            announced=proposed is not None,
            verdicts=tuple((code, term(code, "midterm_verdict")) for code in MIDTERM_VERDICTS),
            filled=filled,
        )
    return render(page, status)


def _course(challenge: Challenge) -> Course:
    return Course(
        opinion=challenge.opinion,
        argued_by=challenge.argued_by,
        argued_at=challenge.argued_at,
        contract_number=challenge.contract_number,
        contract_amount=amount(challenge.contract_amount),
        version=challenge.version,
        report=challenge.report,
        reported_at=challenge.reported_at,
        midterm_verdict=challenge.midterm_verdict,
        midterm_note=challenge.midterm_note,
    )


def _ranking(uow: UnitOfWork, challenge: Challenge) -> tuple[RankingRow, ...]:
    """All bids by what experts found, each criterion by itself."""
    rows = {one.id: one for one in judging.bids(uow, challenge.id)}
    return tuple(
        RankingRow(
            place=place,
            public_id=rows[one.bid_id].public_id,
            bidder=rows[one.bid_id].bidder,
            leader=rows[one.bid_id].leader,
            state=rows[one.bid_id].state,
            proposed=rows[one.bid_id].proposed,
            scores=one.scores,
            means=tuple(one.means.items()),
            total=one.total,
        )
        for place, one in enumerate(judging.standings(uow, challenge), 1)
    )
