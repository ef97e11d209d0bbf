"""An agency's pack: the page, the events behind each measure, and the files to hand in."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint, abort, g, url_for
from werkzeug.wrappers import Response

from matchmaker.domain.pack import MEASURES
from matchmaker.integrations.csv_file import MARK, csv_text
from matchmaker.integrations.report_pdf import draw_report
from matchmaker.store.queries.pack import PackContract, PackIntroduction
from matchmaker.web.figure.wording import event_text
from matchmaker.web.i18n import term
from matchmaker.web.pack.contents import RELATED, load, measure_line, page_of
from matchmaker.web.pack.files import report_of, table_rows
from matchmaker.web.pack.pages import PackEventLine, PackEventsPage
from matchmaker.web.pages import render
from matchmaker.web.platform import matchmaker

blueprint = Blueprint("pack", __name__, url_prefix="/packs")


@blueprint.get("/<public_id>/")
def show(public_id: str) -> Response:
    """The pack of a year or quarter."""
    with matchmaker().reading() as uow:
        page = page_of(uow, load(uow, g.actor, public_id))
    return render(page)


@blueprint.get("/<public_id>/pack.pdf")
def document(public_id: str) -> Response:
    """The same on paper."""
    with matchmaker().reading() as uow:
        pack = load(uow, g.actor, public_id)
        written = draw_report(report_of(page_of(uow, pack), pack, uow.now))
    return _file(Response(written, mimetype="application/pdf"), f"pack-{pack.period}.pdf")


@blueprint.get("/<public_id>/pack.csv")
def table(public_id: str) -> Response:
    """The same for a spreadsheet."""
    with matchmaker().reading() as uow:
        pack = load(uow, g.actor, public_id)
        written = MARK + csv_text(table_rows(page_of(uow, pack), pack))
    return _file(Response(written, mimetype="text/csv"), f"pack-{pack.period}.csv")


@blueprint.get("/<public_id>/<code>")
def events(public_id: str, code: str) -> Response:
    """The events that a measure counts."""
    if code not in (*MEASURES, RELATED):
        abort(404)
    with matchmaker().reading() as uow:
        pack = load(uow, g.actor, public_id)
        behind = pack.behind(code)
    value = pack.values().get(code, Decimal(len(behind)))
    page = PackEventsPage(
        name=pack.agency.name,
        public_id=public_id,
        period=pack.period,
        measure=measure_line(pack, code, value),
        money=any(isinstance(one, PackContract) for one in behind),
        lines=tuple(_line(one) for one in behind),
    )
    return render(page)


def _line(one: PackContract | PackIntroduction) -> PackEventLine:
    if isinstance(one, PackIntroduction):
        return PackEventLine(
            id=one.event_id,
            day=one.day,
            what=event_text("introduction", "conclude" if one.mutual else "ask"),
            broker=one.broker,
            number="",
            type="",
            amount=None,
            technical=None,
            related=False,
            href="",
        )
    href = ""
    if g.actor.role == "bureau":
        href = url_for("contract.registered", public_id=one.public_id)
    elif one.broker_id == g.actor.user_id:  # of a colleague's, it tells the figures alone
        href = url_for("contract.show", public_id=one.public_id)
    return PackEventLine(
        id=one.event_id,
        day=one.day,
        what=event_text("contract", "register"),
        broker=one.broker,
        number=one.number,
        type=term(one.type, "contract_type"),
        amount=one.amount,
        technical=one.technical,
        related=one.related,
        href=href,
    )


def _file(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
