"""What is stored, one module per noun; import from here."""

from assessment.models.action import Action
from assessment.models.answer import Answer
from assessment.models.barometer import Candidate, Counted, Edition, LabelSum
from assessment.models.choice import Choice, ConsistencyRule, Prerequisite, QuestionFinding
from assessment.models.evidence import Figure, Finding, ReferenceLevel, Source, Study
from assessment.models.frozen import PublishedError
from assessment.models.limit import Count
from assessment.models.mail import Mail, Mailing
from assessment.models.marks import OpenerMark, PublicationMark
from assessment.models.no_mail import NoMail
from assessment.models.organisation import Membership, Organisation
from assessment.models.people import PeopleInvitation
from assessment.models.questionnaire import Anchor, Dimension, Level, Question, Questionnaire
from assessment.models.response import Response
from assessment.models.result import DimensionResult, Result
from assessment.models.round import Invitation, Round
from assessment.models.session import Session
from assessment.models.share import ClaimLink, Share
from assessment.models.sign_in import SignIn

__all__ = [
    "Action",
    "Anchor",
    "Answer",
    "Candidate",
    "Choice",
    "ClaimLink",
    "ConsistencyRule",
    "Count",
    "Counted",
    "Dimension",
    "DimensionResult",
    "Edition",
    "Figure",
    "Finding",
    "Invitation",
    "LabelSum",
    "Level",
    "Mail",
    "Mailing",
    "Membership",
    "NoMail",
    "OpenerMark",
    "Organisation",
    "PeopleInvitation",
    "Prerequisite",
    "PublicationMark",
    "PublishedError",
    "Question",
    "QuestionFinding",
    "Questionnaire",
    "ReferenceLevel",
    "Response",
    "Result",
    "Round",
    "Session",
    "Share",
    "SignIn",
    "Source",
    "Study",
]
