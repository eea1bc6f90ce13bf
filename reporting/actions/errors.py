"""What was not possible, each with a sentence that says what to do."""

from django.core.exceptions import ValidationError


class MonthNotOver(ValidationError):
    """The month still runs."""


class NothingToReport(ValidationError):
    """The site served no families in the month: it was closed, or still planning."""


class ReportFrozen(ValidationError):
    """The report is certified; neither its figures nor its words change any more."""


class SecondPersonNeeded(ValidationError):
    """Where two people can certify, one prepares the report and the other certifies it."""


class StoriesWithoutAgreement(ValidationError):
    """An impact statement stands in the report, but nobody noted that the people quoted agreed."""


class IdentitiesBroken(ValidationError):
    """Figures that must agree do not (`domain.md` V15)."""


class FiguresChanged(ValidationError):
    """Records or narrative were edited while somebody was reading; what would be certified is not what was read."""


class ReportNotCertified(ValidationError):
    """Only a certified report can be submitted."""


class ReportNotSubmitted(ValidationError):
    """Only a submitted report can be accepted or returned; perhaps a colleague has decided already."""


class ReportNotDecided(ValidationError):
    """An amendment waits until DCF has accepted or returned the version before it."""
