"""A kept evaluation in words and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import url_for

from matchmaker.store.queries.evaluation import EvaluationRow
from matchmaker.web.evaluation import charts
from matchmaker.web.evaluation.pages import (
    Before,
    BinLine,
    Cell,
    Difference,
    DifferenceLine,
    HistoryLine,
    PointLine,
    Probabilities,
    Shown,
    SystemLine,
)
from matchmaker.web.i18n import gettext as _

_MAIN: Final = "default"
_GAIN: Final = "ndcg@10"
_POINTS: Final = 8  # lines of the table beside the curve
Figures = Mapping[str, Any]


def shown(row: EvaluationRow) -> Shown:
    """An evaluation in full."""
    figures = row.figures
    return Shown(
        engine_version=row.engine_version,
        bench_name=row.bench_name,
        bench_checksum=row.bench_checksum,
        at=row.created_at,
        by=row.created_by,
        demands=figures["demands"],
        outcomes=figures["outcomes"],
        labels=figures["labels"],
        headings=tuple(_metrics().values()),
        rows=tuple(
            SystemLine(
                name,
                _system(name),
                tuple(_cell(one["metrics"][metric]) for metric in _metrics()),
                one["out_of_fold"],
            )
            for name, one in figures["systems"].items()
        ),
        before=_before(figures.get("previous")),
        probabilities=_probabilities(figures["systems"]),
    )


def history_line(row: EvaluationRow, current: str) -> HistoryLine:
    """An evaluation in the list; ``current`` is the public id of the one that is shown."""
    main = row.figures["systems"].get(_MAIN)
    calibration = main and main["calibration"]
    return HistoryLine(
        href=url_for("evaluation.show", public_id=row.public_id),
        at=row.created_at,
        engine_version=row.engine_version,
        bench_name=row.bench_name,
        by=row.created_by,
        gain=_number(main["metrics"][_GAIN]["value"]) if main else "—",
        error=_number(calibration["ece"]["value"]) if calibration else "—",
        current=row.public_id == current,
    )


def _metrics() -> dict[str, str]:
    return {
        "ndcg@10": _("nDCG@10"),
        "p@5": _("P@5"),
        "mrr": _("MRR"),
        "recall@50": _("Recall@50"),
    }


def _system(name: str) -> str:
    """What a system is; an added encoder's after its name."""
    kind, _at, encoder = name.partition("@")
    text = {
        "tfidf": _("plain TF-IDF of titles: the floor"),
        "lexical": _("shared words of titles"),
        "dense": _("the encoder alone"),
        "default": _("what the platform does"),
    }.get(kind, "")
    return _("%(text)s, with %(encoder)s", text=text, encoder=encoder) if encoder else text


def _before(told: Figures | None) -> Before | None:
    """The comparison that was made when the evaluation was kept."""
    if not told or not told["systems"]:
        return None
    first = told["systems"].get(_MAIN) or next(iter(told["systems"].values()))
    return Before(
        href=url_for("evaluation.show", public_id=told["public_id"]),
        engine_version=told["engine_version"],
        sentence=_sentence(first[_GAIN]),
        rows=tuple(
            DifferenceLine(name, tuple(_difference(one[metric]) for metric in _metrics()))
            for name, one in told["systems"].items()
        ),
    )


def _sentence(told: Figures) -> str:
    """The comparison by nDCG@10 for somebody who is no statistician."""
    one = told["difference"]
    if not told["significant"]:
        return _("By nDCG@10 no difference to the evaluation before can be told from chance.")
    values = {"first": _number(told["first"]), "second": _number(told["second"])}
    if one["value"] > 0:
        return _(
            "Suggestions have become better: nDCG@10 is %(first)s after %(second)s, more than "
            "chance explains.",
            **values,
        )
    return _(
        "Suggestions have become worse: nDCG@10 is %(first)s after %(second)s, more than chance "
        "explains.",
        **values,
    )


def _difference(told: Figures) -> Difference:
    one = told["difference"]
    if not one["low"] and not one["high"]:
        return Difference("", "", _("unchanged"), "plain")
    if not told["significant"]:
        verdict, tone = _("no clear difference"), "plain"
    elif one["value"] > 0:
        verdict, tone = _("better"), "good"
    else:
        verdict, tone = _("worse"), "bad"
    return Difference(_signed(one["value"]), _span(one, signed=True), verdict, tone)


def _probabilities(systems: Figures) -> Probabilities | None:
    """Of what the platform does, else of the first system that states probabilities."""
    stating = {name: one["calibration"] for name, one in systems.items() if one["calibration"]}
    if not stating:
        return None
    name = _MAIN if _MAIN in stating else next(iter(stating))
    told = stating[name]
    covered = [(float(precision), figure) for precision, figure in told["coverage"]]
    facts = [
        (_("Expected calibration error"), _cell(told["ece"])),
        (_("Brier score"), _cell(told["brier"])),
        *(
            (_("Coverage at precision %(share)s", share=f"{100 * precision:g} %"), _shares(figure))
            for precision, figure in covered
        ),
    ]
    return Probabilities(
        system=name,
        facts=tuple(facts),
        pairs=told["pairs"],
        usable=_percent(told["usable"]),
        bins=tuple(
            BinLine(
                _percent(one["stated"]),
                _percent(one["observed"]),
                f"{_percent(one['low'])}–{_percent(one['high'])}",
                one["count"],
            )
            for one in told["bins"]
        ),
        points=_points(told["curve"]),
        reliability=charts.reliability(told["bins"]),
        risk=charts.risk(
            told["curve"],
            told["usable"],
            [(figure["value"], precision) for precision, figure in covered],
        ),
    )


def _points(curve: list[Figures]) -> tuple[PointLine, ...]:
    """Some points of the curve, evenly chosen, the last one among them."""
    step = max(1, -(-len(curve) // _POINTS))
    chosen = curve[len(curve) - 1 :: -step][::-1]
    return tuple(
        PointLine(_percent(one["coverage"]), _percent(one["precision"]), _percent(one["threshold"]))
        for one in chosen
    )


def _cell(figure: Figures) -> Cell:
    return Cell(_number(figure["value"]), _span(figure))


def _shares(figure: Figures) -> Cell:
    return Cell(_percent(figure["value"]), f"{_percent(figure['low'])}–{_percent(figure['high'])}")


def _span(figure: Figures, *, signed: bool = False) -> str:
    write = _signed if signed else _number
    return f"{write(figure['low'])}{' … ' if signed else '–'}{write(figure['high'])}"


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _signed(value: float | None) -> str:
    if value is None:
        return "—"
    return "0.000" if abs(value) < 0.0005 else f"{value:+.3f}".replace("-", "−")  # noqa: PLR2004 - what three digits show


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{100 * value:.1f} %"
