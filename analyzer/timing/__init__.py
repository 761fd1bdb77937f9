"""When to send a message, how often, and in which frame: from dates, from the kind and from the words."""

from analyzer.timing.advice import check_dates, time_message
from analyzer.timing.etiquette import etiquette_findings
from analyzer.timing.working_days import Calendar

__all__ = ["Calendar", "check_dates", "etiquette_findings", "time_message"]
