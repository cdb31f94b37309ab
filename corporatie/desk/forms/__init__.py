"""The questions of the pages that show everything."""

from corporatie.desk.forms.account import MailForm, OwnAbsenceForm
from corporatie.desk.forms.outcomes import NobodyHomeForm, NobodyHomePageForm, OtherOutcomeForm, OtherOutcomePageForm
from corporatie.desk.forms.talk import QuickTalkForm, TalkForm
from corporatie.desk.forms.when import CARRIED, moment_carried

__all__ = [
    "CARRIED",
    "MailForm",
    "NobodyHomeForm",
    "NobodyHomePageForm",
    "OtherOutcomeForm",
    "OtherOutcomePageForm",
    "OwnAbsenceForm",
    "QuickTalkForm",
    "TalkForm",
    "moment_carried",
]
