"""What is said of the difference between two versions of a questionnaire: templates, filled with the values of a remark."""


def _(text: str) -> str:
    """Mark a text for the translators; a remark translates its template when it is read."""
    return text


# The whole
KEY = _("The key of the questionnaire goes from “%(old)s” to “%(new)s”.")
TITLE = _("The title is reworded.")
INSTRUCTION = _("The instruction is reworded.")
LEVEL_NAME = _("The name of level %(number)s is reworded.")
LEVEL_MEANING = _("The meaning of level %(number)s is reworded.")
DIMENSION_MOVED = _("The dimension “%(key)s” stands at another place.")
RULE_NEW = _("The consistency rule “%(key)s” is new.")
RULE_GONE = _("The consistency rule “%(key)s” is removed.")
RULE_TEXT = _("The question to the team of the consistency rule “%(key)s” is reworded.")
RULE_CONDITION = _("The consistency rule “%(key)s” asks for something else: before, %(old)s; now, %(new)s.")
RULE_MOVED = _("The consistency rule “%(key)s” stands at another place.")
AT_LEAST = _("“%(question)s” scores at least %(points)s")
AT_MOST = _("“%(question)s” scores at most %(points)s")

# A dimension
DIMENSION_NEW = _("The dimension “%(key)s” is new.")
DIMENSION_NEW_SCORED = _("The dimension “%(key)s” is new and scored, with the weight %(weight)s.")
DIMENSION_GONE = _("The dimension “%(key)s” is removed.")
DIMENSION_TITLE = _("The title of the dimension is reworded.")
DIMENSION_DESCRIPTION = _("The description of the dimension is reworded.")
STATEMENT = _("The statement that makes the dimension not applicable is changed.")
NOW_SCORED = _("The dimension is now scored.")
NOT_SCORED_NOW = _("The dimension is no longer scored.")
DIMENSION_WEIGHT = _("The weight of the dimension goes from %(old)s to %(new)s.")
ANCHOR = _("The description of level %(number)s of the dimension is reworded.")

# A question
QUESTION_NEW = _("The question “%(key)s” is new.")
QUESTION_NEW_SCORED = _(
    "The question “%(key)s” is new: %(choices)s choices from %(least)s to %(most)s points, weight %(weight)s."
)
QUESTION_GONE = _("The question “%(key)s” is removed.")
QUESTION_FROM = _("The question “%(key)s” comes from the dimension “%(dimension)s”.")
QUESTION_MOVED = _("The question “%(key)s” stands at another place.")
QUESTION_TEXT = _("The question “%(key)s” is reworded.")
QUESTION_HELP = _("The help of the question “%(key)s” is changed.")
QUESTION_WEIGHT = _("The weight of the question “%(key)s” goes from %(old)s to %(new)s.")
NEEDS = _("The prerequisites of the question “%(key)s” go from %(old)s to %(new)s.")
FINDINGS = _("The findings behind the question “%(key)s” go from %(old)s to %(new)s.")
NOW_SINGLE = _("The question “%(key)s” now takes one choice.")
NOW_MULTIPLE = _("The question “%(key)s” now takes several choices.")
ALLOWS_NA = _("The question “%(key)s” may now be not applicable.")
ALLOWS_NO_NA = _("The question “%(key)s” may no longer be not applicable.")
RECOMMENDATION = _("The recommendation of the question “%(key)s” is changed.")
EFFORT = _("The effort of the recommendation of the question “%(key)s” goes from %(old)s to %(new)s.")
OWNER = _("Who usually owns the recommendation of the question “%(key)s” goes from %(old)s to %(new)s.")
SMALL, MEDIUM, LARGE = _("small"), _("medium"), _("large")

# A choice
CHOICE_NEW = _("The question “%(question)s” has the new choice “%(key)s”, worth %(points)s points.")
CHOICE_NEW_UNSCORED = _("The question “%(question)s” has the new choice “%(key)s”.")
CHOICE_GONE = _("The choice “%(key)s” of the question “%(question)s” is removed.")
CHOICE_MOVED = _("The choice “%(key)s” of the question “%(question)s” stands at another place.")
CHOICE_TEXT = _("The choice “%(key)s” of the question “%(question)s” is reworded.")
CHOICE_POINTS = _("The choice “%(key)s” of the question “%(question)s” goes from %(old)s to %(new)s points.")
CHOICE_FIGURE = _(
    "The published figure beside the choice “%(key)s” of the question “%(question)s” goes from %(old)s to %(new)s."
)
EXCLUDES = _("The choice “%(key)s” of the question “%(question)s” now excludes the others.")
EXCLUDES_NONE = _("The choice “%(key)s” of the question “%(question)s” no longer excludes the others.")
