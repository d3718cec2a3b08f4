"""What each form of a report claims, read from its bytes: a number, as it is shown, under the name of what it is about.

A form may claim the same thing twice (a table and a heading); all of it is handed back. Absent is "–".
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import openpyxl
from django.utils.translation import gettext, pgettext

from assessment.content.structure import QuestionnaireContent

Claims = Iterator[tuple[str, str]]
NUMBER = re.compile(r"[+−-]?\d+([.,]\d+)?[\s\u00a0\u202f]*%?")
NOTHING = "–"


def plain(shown: object) -> str:
    """A number as it is shown, in one form for all; words as they are."""
    text = " ".join(str(shown if shown not in (None, "") else NOTHING).split())
    return re.sub(r"[+%\s]", "", text).replace(",", ".") if NUMBER.fullmatch(text) else text


def squeezed(text: str) -> str:
    """A text without its spaces: what is read from a PDF loses narrow ones."""
    return "".join(text.split())


def span(low: object, high: object, about: str = "") -> Claims:
    yield f"{about}low", plain(low)
    yield f"{about}high", plain(high)


def step_claims(number: int, gain: str, after: str, effort: str) -> Claims:
    yield f"step {number}: gain", plain(gain.strip("() "))
    yield f"step {number}: effort", effort
    yield f"step {number}: score after", re.search(r"\d+[.,]\d+", after).group().replace(",", ".")


def gaps_claimed(told: str) -> Claims:
    """How many gaps of the barometer are closed, of how many, in the sentence that says so."""
    numbers, none = re.findall(r"\d+", told), gettext("Of %(gaps)s, none is closed.").partition(")s")[2]
    closed = "0" if none in told else numbers.pop()
    yield "gaps closed", f"{closed} of {numbers[0] if numbers else 1}"


# report.json ---------------------------------------------------------------------------------------------------------
def whole(number: float | Fraction) -> str:
    """A score as it is shown (scoring/README.md, "Shown"): half up, 100 only for 100, 0 only for 0."""
    exact = Fraction(str(number))
    rounded = int(exact + Fraction(1, 2))
    return str(min(rounded, 99) if exact < 100 else 100) if exact > 0 and rounded else ("1" if exact > 0 else "0")


def half_up(number: float | Fraction, places: int = 1) -> str:
    exact = Fraction(str(number))
    near = Decimal(exact.numerator) / Decimal(exact.denominator)
    return str(near.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def points(number: Fraction) -> str:
    return str(number) if number.denominator == 1 else half_up(number)


def of_json(data: bytes, asked: QuestionnaireContent) -> Claims:
    """What report.json says, rounded here (scoring/README.md, "Shown")."""
    report = json.loads(data)
    result, names = report["result"], _names(asked)
    ends = result["range"]
    yield "score", whole(result["score"]) if result["score"] is not None else NOTHING
    yield "exact score", str(result["score"] if result["score"] is not None else NOTHING)
    yield "level", _level(result)
    yield from span(whole(ends["low"]), whole(ends["high"]))
    for part in result["dimensions"]:
        yield from _dimension_of_json(part, names[part["key"]])
    weights = {
        item["key"]: item["weight"] for part in report["questionnaire"]["dimensions"] for item in part["questions"]
    }
    for part in result["questions"]:
        about = names[part["key"]]
        score = None if part["score"] is None else Fraction(part["score"])
        words = {"no-score": gettext("no answer"), "not-applicable": gettext("not applicable")}
        yield f"{about}: points", words[part["state"]] if score is None else points(score)
        yield f"{about}: weight", points(Fraction(str(weights[part["key"]])))
    gaps = [told["standing"] for told in result["criteria"] if told["kind"] == "gap"]
    if apply := [standing for standing in gaps if standing != "not-applicable"]:
        yield "gaps closed", f"{apply.count('reached')} of {len(apply)}"
    efforts = {"S": gettext("small"), "M": gettext("medium"), "L": gettext("large")}
    for number, step in enumerate(result["plan"], start=1):
        yield f"step {number}: question", names[step["question"]]
        yield f"step {number}: gain", half_up(step["gain"])
        yield f"step {number}: effort", efforts[step["effort"]]
        yield f"step {number}: score after", half_up(step["score_after"])


def _names(asked: QuestionnaireContent) -> Mapping[str, str]:
    titles = {part.key: part.title for part in asked.dimensions}
    titles |= {question.key: question.text for part in asked.dimensions for question in part.questions}
    return {key: plain(text) for key, text in titles.items()}


def _level(result: Mapping) -> str:
    low, high = (sum(end >= edge for edge in (12.5, 37.5, 62.5, 87.5)) + 1 for end in result["range"].values())
    if result["level"] is not None and high - low <= 1:
        return str(result["level"])
    return str(low) if low == high else f"{low}–{high}"


def _dimension_of_json(part: Mapping, about: str) -> Claims:
    words = {
        "not-applicable": gettext("not applicable"),
        "not-enough-answers": gettext("not enough answers"),
    }
    yield f"{about}: score", words[part["state"]] if part["score"] is None else whole(part["score"])
    yield f"{about}: exact score", plain(part["score"])
    yield f"{about}: level", plain(part["level"])
    yield f"{about}: coverage", NOTHING if part["coverage"] is None else whole(Fraction(str(part["coverage"])) * 100)
    ends = part["range"]
    yield from span(*((whole(ends["low"]), whole(ends["high"])) if ends else (None, None)), f"{about}: ")


# The workbook --------------------------------------------------------------------------------------------------------
def displayed(cell) -> str:
    """A cell as a spreadsheet program shows it."""
    if not isinstance(cell.value, int | float):
        return plain(cell.value)
    value = Decimal(str(cell.value))
    if cell.number_format == "0.0#####":
        return str(float(value))
    places = {"0": 0, "0%": 0, "+0;-0;0": 0, "0.0": 1, "+0.0;-0.0;0.0": 1}[cell.number_format]
    value *= 100 if "%" in cell.number_format else 1
    return str(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def of_xlsx(data: bytes, asked: QuestionnaireContent) -> Claims:
    """What the sheets show, each cell in its number format."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    first = {row[0].value: row[1:] for row in book[gettext("Overview")].iter_rows(min_row=2)}
    score = first[gettext("Score (0 to 100)")]
    yield "score", displayed(score[0]).replace(gettext("no score"), NOTHING)
    yield "exact score", displayed(score[1])
    yield "sentence", squeezed(displayed(first[gettext("In one sentence")][0]))
    yield "level", displayed(first[gettext("Level (1 to 5)")][0])
    yield from gaps_claimed(first[gettext("Gaps of the barometer")][0].value)
    ends = (first[gettext(name)][0] for name in ("Lowest possible score", "Highest possible score"))
    yield from span(*map(displayed, ends))
    for row in _rows(book, "Dimensions"):
        about = row[gettext("Dimension")]
        for name, head in (("score", "Score"), ("exact score", "Exact score"), ("level", "Level")):
            yield f"{about}: {name}", row[gettext(head)]
        yield f"{about}: coverage", row[gettext("Coverage")]
        yield from span(row[gettext("Lowest possible score")], row[gettext("Highest possible score")], f"{about}: ")
    for row in _rows(book, "Answers"):
        yield f"{row[gettext('Question')]}: points", row[gettext("Points")]
        yield f"{row[gettext('Question')]}: weight", row[gettext("Weight")]
    for row in _rows(book, "Plan"):
        number = row[pgettext("of the plan", "Step")]
        yield f"step {number}: question", row[gettext("Question")]
        yield from step_claims(number, row[gettext("Gain")], row[gettext("Score afterwards")], row[gettext("Effort")])


def _rows(book: openpyxl.Workbook, title: str) -> Iterator[dict[str, str]]:
    if gettext(title) in book.sheetnames:
        rows = list(book[gettext(title)].iter_rows())
        heads = [cell.value for cell in rows[0]]
        for row in rows[1:]:
            yield dict(zip(heads, map(displayed, row), strict=True))


# The flat table ------------------------------------------------------------------------------------------------------
def of_csv(data: bytes, asked: QuestionnaireContent) -> Claims:
    """What the rows of the CSV file say."""
    text = data.decode("utf-8-sig")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter):
        said = {head: plain(cell) for head, cell in row.items()}
        part = said[gettext("Part")]
        if part == gettext("Whole"):
            yield "sentence", squeezed(said[gettext("Answer or statement")])
            yield from _scored(said, "")
        elif part == gettext("Gaps of the barometer"):
            yield from gaps_claimed(said[gettext("Answer or statement")])
        elif part == gettext("Dimension"):
            about = f"{said[gettext('Dimension')]}: "
            yield from _scored(said, about)
            yield f"{about}coverage", said[gettext("Coverage (%)")]
        elif part == gettext("Question"):
            yield f"{said[gettext('Question or step')]}: points", said[gettext("Score or points")]
            yield f"{said[gettext('Question or step')]}: weight", said[gettext("Weight")]
        elif part == gettext("Step of the plan"):
            number = said[pgettext("of the plan", "Step")]
            yield f"step {number}: question", said[gettext("Question or step")]
            yield from step_claims(
                number, said[gettext("Gain")], said[gettext("Score afterwards")], said[gettext("Effort")]
            )


def _scored(said: Mapping[str, str], about: str) -> Claims:
    yield f"{about}score", said[gettext("Score or points")].replace(gettext("no score"), NOTHING)
    exact = said[gettext("Exact score or points")]
    yield f"{about}exact score", exact if exact == NOTHING else str(float(exact))
    yield f"{about}level", said[gettext("Level")]
    yield from span(said[gettext("Lowest possible score")], said[gettext("Highest possible score")], about)
