"""What is said of a questionnaire that is not ready, or doubtful: templates, filled with the values of a remark."""


def _(text: str) -> str:
    """Mark a text for the translators; a remark translates its template when it is read."""
    return text


# Errors: they forbid publication
TOO_FEW_SCORED = _("At least three dimensions must be scored.")
LEVELS = _("Each of the five levels needs a name and a meaning.")
DIMENSION_WEIGHT = _("The dimension “%(key)s” needs a weight above 0.")
ANCHORS = _("The dimension “%(key)s” needs a description of each of the five levels.")
NO_QUESTION = _("The dimension “%(key)s” has no question.")
UNSCORED_DIMENSION_WEIGHT = _("The dimension “%(key)s” is not scored, so it takes no weight.")
UNSCORED_STATEMENT = _("The dimension “%(key)s” is not scored, so it takes no statement that makes it not applicable.")
TOO_FEW_CHOICES = _("The question “%(key)s” needs at least two choices.")
EXCLUSIVE_IN_SINGLE = _("The question “%(key)s” takes one choice, so none of its choices can exclude the others.")
EFFORT = _("The recommendation of the question “%(key)s” needs an effort: small, medium or large.")
OWNER = _("The recommendation of the question “%(key)s” needs one of the site’s functions as who usually owns it.")
SINGLE_IF_SCORED = _("The question “%(key)s” gives points, so it takes one choice.")
QUESTION_WEIGHT = _("The question “%(key)s” needs a weight above 0.")
POINTS = _("The choices of the question “%(key)s” must go from 0 to 100 points.")
FIGURE_IF_SCORED = _("The question “%(key)s” is scored, so no published figure can stand beside its choices.")
UNSCORED_POINTS = _("The question “%(key)s” is not scored, so its choices take no points.")
UNSCORED_WEIGHT = _("The question “%(key)s” is not scored, so it takes no weight.")
UNSCORED_RECOMMENDATION = _("The question “%(key)s” is not scored, so it takes no recommendation.")
REPEATED_KEY = _("Two questions have the key “%(key)s”.")
TAKEN = _("The key “%(key)s” is taken by the site itself.")
NEEDS_SCORED = _("The prerequisites of the question “%(key)s” must be scored questions, as it must be itself.")
CIRCLE = _("These questions need one another in a circle: %(keys)s.")
RULE = _("The consistency rule “%(key)s” must compare two different scored questions.")
NEEDS_ANOTHER = _("The question “%(key)s” needs a question of another questionnaire.")
RULE_OF_ANOTHER = _("The consistency rule “%(key)s” names a question of another questionnaire.")
NO_ENGLISH = _("“%(place)s”: %(part)s is missing in English.")
NO_FRENCH = _("“%(place)s”: %(part)s is missing in French.")

# Doubts: they are shown, and forbid nothing
SAME_IN_BOTH = _("“%(place)s”: %(part)s is the same in English and in French: “%(text)s”.")
NO_RECOMMENDATION = _("No recommendation speaks to the question “%(key)s”.")
NO_FINDING = _("The question “%(key)s” cites no finding and no published figure.")
NOT_RISING = _("The points of the choices of the question “%(key)s” do not rise from the first to the last.")
SAME_CHOICES = _("Two choices of the question “%(key)s” say the same.")
ALWAYS = _("The consistency rule “%(key)s” has a condition that always holds.")
SAME_QUESTIONS = _("The question “%(key)s” is asked in the same words as “%(other)s”.")

# The texts of a part, by the name of the field that holds them
PARTS = {
    "title": _("the title"),
    "instruction": _("the instruction"),
    "name": _("the name"),
    "description": _("the description"),
    "anchors": _("the description of level %(number)s"),
    "not_applicable": _("the statement that makes it not applicable"),
    "text": _("the text"),
    "help": _("the help"),
    "recommendation": _("the recommendation"),
}
