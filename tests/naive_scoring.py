"""A second, slow and naive reading of the scoring rules, to hold the real one against.

It follows the prose of the rules sentence by sentence, recomputes everything for each question it is asked, and shares
no arithmetic with `assessment.scoring`: from there it takes the values only.
"""

from fractions import Fraction
from statistics import quantiles

EFFORT = {"S": 1, "M": 2, "L": 3, None: 2}


def points_of(question, answer):
    """None when nothing was chosen."""
    if answer is None or answer.state != "answered":
        return None
    return {choice.key: choice.points for choice in question.choices}[answer.choices[0]]


def chosen(question, responses):
    given = [points_of(question, response.answers.get(question.key)) for response in responses]
    return [points for points in given if points is not None]


def fewest(floor):
    """What is asked for counts from four on, which was published once; anything else is five."""
    return 5 if floor < 4 else floor


def question_outcome(question, responses, mode, floor):
    """(state, score) of one question."""
    points = chosen(question, responses)
    say_not_applicable = [
        response
        for response in responses
        if question.key in response.answers and response.answers[question.key].state == "not-applicable"
    ]
    if len(say_not_applicable) > len(points):
        return "not-applicable", None
    others = len(responses) - len(say_not_applicable)
    enough = len(points) >= Fraction(others, 2) and len(points) > 0
    if mode == "confidential":
        not_owners = len(chosen(question, [response for response in responses if not response.owner]))
        enough = enough and not_owners >= fewest(floor)
    return ("scored", Fraction(sum(points)) / len(points)) if enough else ("no-score", None)


def views_differ(points):
    if len(points) < 2:
        return False
    if len(points) <= 4:
        return max(points) - min(points) >= 50
    lower, _, upper = quantiles(points, n=4, method="inclusive")
    return upper - lower >= 50


def level(score):
    if score < Fraction("12.5"):
        return 1
    if score < Fraction("37.5"):
        return 2
    if score < Fraction("62.5"):
        return 3
    if score < Fraction("87.5"):
        return 4
    return 5


def dimension_outcome(dimension, outcomes):
    """(state, score, coverage) of one dimension, from {question key: (state, score)}."""
    applicable = [question for question in dimension.questions if outcomes[question.key][0] != "not-applicable"]
    scored = [question for question in applicable if outcomes[question.key][0] == "scored"]
    if not applicable:
        return "not-applicable", None, None
    coverage = Fraction(sum(question.weight for question in scored)) / sum(question.weight for question in applicable)
    if coverage < Fraction(1, 2):
        return "not-enough-answers", None, coverage
    total = sum(question.weight * outcomes[question.key][1] for question in scored)
    return "scored", Fraction(total) / sum(question.weight for question in scored), coverage


def mean_of_scored(dimensions, outcomes):
    scored = [(d.weight, dimension_outcome(d, outcomes)[1]) for d in dimensions]
    scored = [(weight, score) for weight, score in scored if score is not None]
    if not scored:
        return None
    return Fraction(sum(weight * score for weight, score in scored)) / sum(weight for weight, _ in scored)


def overall(dimensions, outcomes):
    states = [dimension_outcome(dimension, outcomes)[0] for dimension in dimensions]
    if "not-enough-answers" in states or states.count("scored") < 3:
        return None
    return mean_of_scored(dimensions, outcomes)


def filled(outcomes, value):
    """Every applicable question without a score given this one."""
    return {
        key: ("scored", Fraction(value)) if state == "no-score" else (state, score)
        for key, (state, score) in outcomes.items()
    }


def ends(of, dimensions, outcomes):
    """(low, high) of a mean of these dimensions, or None."""
    low, high = of(dimensions, filled(outcomes, 0)), of(dimensions, filled(outcomes, 100))
    return None if low is None else (low, high)


def narrowing(dimensions, outcomes):
    effects = []
    for dimension in dimensions:
        for question in dimension.questions:
            if outcomes[question.key][0] == "no-score":
                low, high = (
                    mean_of_scored(dimensions, filled({**outcomes, question.key: ("scored", Fraction(value))}, 0))
                    for value in (0, 100)
                )
                effects.append((question.key, high - low))
    effects.sort(key=lambda pair: pair[1], reverse=True)  # stable also when reversed: ties stay in order
    return [key for key, _ in effects[:3]]


def may_be_taken(question, outcomes):
    state, score = outcomes[question.key]
    if state != "scored" or score == 100:
        return False
    for needed in question.needs:
        state, score = outcomes.get(needed, ("no-score", None))
        if state == "no-score" or (state == "scored" and score < 50):
            return False
    return True


def step_for(question, dimension, dimensions, outcomes):
    score = outcomes[question.key][1]
    better = [choice for choice in question.choices if choice.points > score and choice.points >= 50]
    if not better:
        return None
    lowest = min(choice.points for choice in better)
    to = next(choice for choice in better if choice.points == lowest)
    after = mean_of_scored(dimensions, {**outcomes, question.key: ("scored", to.points)})
    gain = after - mean_of_scored(dimensions, outcomes)
    return (question.key, dimension.key, to.key, gain, to.effort, after, score < 50)


def is_urgent(question, outcomes):
    """0 for a foundation below 50, 1 for another question below 50, 2 for the rest."""
    if outcomes[question.key][1] >= 50:
        return 2
    return 0 if question.foundation else 1


def plan(dimensions, outcomes, exact=None, version=2):
    """The steps; `exact` are the outcomes that the scores of the dimensions are made of, where they are others."""
    weakest_up = [d for d in dimensions if dimension_outcome(d, outcomes)[0] == "scored"]
    weakest_up.sort(key=lambda dimension: dimension_outcome(dimension, exact or outcomes)[1])
    waiting = []
    for dimension in weakest_up:
        ready = [question for question in dimension.questions if may_be_taken(question, outcomes)]
        steps = [step_for(question, dimension, dimensions, outcomes) for question in ready]
        steps = [step for step in steps if step]
        steps.sort(key=lambda step: outcomes[step[0]][1])
        steps.sort(key=lambda step: step[3] / EFFORT[step[4]], reverse=True)
        if version == 2:
            urgency = {question.key: is_urgent(question, outcomes) for question in ready}
            steps.sort(key=lambda step, urgency=urgency: urgency[step[0]])
        waiting.append(steps)
    taken = []
    for place, steps in enumerate(waiting[:3]):
        for _ in range([2, 2, 1][place]):
            if steps:
                taken.append(steps.pop(0))
    while len(taken) < 5 and any(waiting):
        for steps in waiting:
            if steps and len(taken) < 5:
                taken.append(steps.pop(0))
    return taken


def between(at_least, points, at_most):
    if at_least is not None and points < at_least:
        return False
    return not (at_most is not None and points > at_most)


def contradictions(questionnaire, responses, mode, floor):
    questions = {q.key: q for d in questionnaire.dimensions for q in d.questions}
    found = []
    for rule in questionnaire.rules:
        count = not_owners = 0
        for response in responses:
            holds = True
            for condition in rule.when:
                question = questions[condition.question]
                points = points_of(question, response.answers.get(question.key))
                if points is None or not between(condition.at_least, points, condition.at_most):
                    holds = False
            count += holds
            not_owners += holds and not response.owner
        enough = not_owners >= fewest(floor) if mode == "confidential" else count >= 1
        if enough and Fraction(count, len(responses)) >= Fraction(1, 4):
            found.append(rule.key)
    return found


def foundations_missing(questions, outcomes, steps):
    planned = [step[0] for step in steps]
    found = []
    for question in questions:
        score = outcomes[question.key][1]
        if question.foundation and score is not None and score < 50 and question.key not in planned:
            found.append(question.key)
    return found


def criterion_outcome(criterion, questions, outcomes):
    """(key, edition, kind, standing, score) of a criterion; None when no scored question carries it."""
    carriers = [question for question in questions if criterion.key in question.findings]
    if not carriers:
        return None
    about = (criterion.key, criterion.edition, criterion.kind)
    weight_asked = weight_without = total = Fraction(0)
    better = worse = 0
    for question in carriers:
        state, score = outcomes[question.key]
        if state == "not-applicable":
            continue
        weight_asked += question.weight
        if state == "no-score":
            weight_without += question.weight
            continue
        total += question.weight * score
        if score >= 50:
            better += 1
        else:
            worse += 1
    if weight_asked == 0:
        return (*about, "not-applicable", None)
    if weight_without > weight_asked / 2:
        return (*about, "unknown", None)
    standing = "reached" if not worse else "partly" if better else "not-yet"
    return (*about, standing, total / (weight_asked - weight_without))


def naive_result(questionnaire, responses, mode, floor=5, version=2):
    """All that the real result says, as plain data; by version 1 of the rules without what came with version 2."""
    dimensions = [dimension for dimension in questionnaire.dimensions if dimension.scored]
    questions = [question for dimension in dimensions for question in dimension.questions]
    outcomes = {question.key: question_outcome(question, responses, mode, floor) for question in questions}
    score = overall(dimensions, outcomes)
    whole = ends(mean_of_scored, dimensions, outcomes)
    steps = plan(dimensions, outcomes, version=version)
    criteria = [criterion_outcome(criterion, questions, outcomes) for criterion in questionnaire.criteria]
    return {
        "criteria": [told for told in criteria if told and version == 2],
        "foundations": foundations_missing(questions, outcomes, steps) if version == 2 else [],
        "score": score,
        **levels(dimensions, outcomes, score),
        "range": whole,
        "level_range": whole and (level(whole[0]), level(whole[1])),
        "dimensions": [described(dimension, outcomes) for dimension in dimensions],
        "questions": [described_question(question, responses, outcomes, mode) for question in questions],
        "plan": steps,
        "plan_on_mean": score is None and len(steps) > 0,
        "narrowing": narrowing(dimensions, outcomes),
        "contradictions": contradictions(questionnaire, responses, mode, floor),
    }


def levels(dimensions, outcomes, score):
    if score is None:
        return {"level": None, "level_by_score": None, "held_by": []}
    scores = {dimension.key: dimension_outcome(dimension, outcomes)[1] for dimension in dimensions}
    each = {key: level(value) for key, value in scores.items() if value is not None}
    lowest = min(each.values())
    held = min(level(score), max(lowest + 1, level(score) - 1))
    held_by = [key for key in each if each[key] == lowest] if held != level(score) else []
    return {"level": held, "level_by_score": level(score), "held_by": held_by}


def described(dimension, outcomes):
    state, score, coverage = dimension_outcome(dimension, outcomes)
    reach = ends(lambda dimensions, given: dimension_outcome(dimensions[0], given)[1], [dimension], outcomes)
    return (dimension.key, state, score, None if score is None else level(score), coverage, reach)


def described_question(question, responses, outcomes, mode):
    state, score = outcomes[question.key]
    points = chosen(question, responses) if state == "scored" else []
    lowest, highest = (min(points), max(points)) if points and mode == "open" else (None, None)
    return (question.key, state, score, views_differ(points), lowest, highest)


# Where of a question only the level is shown ------------------------------------------------------------------------
def nearest(question, score):
    """The choice nearest to a score: from the least to the most, a later one only when it is nearer."""
    found = None
    for choice in sorted(question.choices, key=lambda choice: choice.points):
        if found is None or abs(choice.points - score) < abs(found.points - score):
            found = choice
    return found


def at_levels(questionnaire, responses, floor=5):
    """The outcomes by question, exact and with the points of their levels, and the keys of these; of a confidential round."""
    questions = [q for d in questionnaire.dimensions if d.scored for q in d.questions]
    exact = {q.key: question_outcome(q, responses, "confidential", floor) for q in questions}
    choices = {q.key: nearest(q, exact[q.key][1]) for q in questions if exact[q.key][0] == "scored"}
    levels = {key: (state, choices[key].points if key in choices else None) for key, (state, _) in exact.items()}
    return exact, levels, {key: choice.key for key, choice in choices.items()}


def room(dimension, exact, levels):
    """How much of what the levels lack to 100 the dimension lacks."""
    lacks, leveled = (100 - dimension_outcome(dimension, outcomes)[1] for outcomes in (exact, levels))
    return lacks / leveled if leveled else 0


def steps_by_level(questionnaire, responses, floor=5):
    """(question, choice, gain in whole points) of each step."""
    dimensions = [dimension for dimension in questionnaire.dimensions if dimension.scored]
    exact, levels, _keys = at_levels(questionnaire, responses, floor)
    rooms = {d.key: room(d, exact, levels) for d in dimensions if dimension_outcome(d, exact)[0] == "scored"}
    found = plan(dimensions, levels, exact)
    return [(step[0], step[2], int(step[3] * rooms[step[1]] + Fraction(1, 2))) for step in found]


def raised(questionnaire, responses, reached):
    """The scores of the dimensions when questions reach these choices, by key."""
    exact, levels, _keys = at_levels(questionnaire, responses)
    then = dict(levels)
    for dimension in questionnaire.dimensions:
        for question in dimension.questions:
            if question.key in reached:
                then[question.key] = (
                    "scored",
                    next(c.points for c in question.choices if c.key == reached[question.key]),
                )
    scores = {}
    for dimension in questionnaire.dimensions:
        if dimension.scored and dimension_outcome(dimension, exact)[0] == "scored":
            gained = dimension_outcome(dimension, then)[1] - dimension_outcome(dimension, levels)[1]
            scores[dimension.key] = dimension_outcome(dimension, exact)[1] + gained * room(dimension, exact, levels)
    return scores
