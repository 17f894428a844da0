"""What is done with attendance: codes are given and scanned, trainers say what no code can, registers are read."""

from services.training_api.attendance.service.giving import badge, code, sheet
from services.training_api.attendance.service.marking import close, correct, mark
from services.training_api.attendance.service.offline import Answered, take_batch
from services.training_api.attendance.service.reading import Attended, Register, attended, line, page, register, steps
from services.training_api.attendance.service.reports import anomalies, count_anomalies, count_gaps, gaps
from services.training_api.attendance.service.scanning import scan, scan_own

__all__ = [
    "Answered",
    "Attended",
    "Register",
    "anomalies",
    "attended",
    "badge",
    "close",
    "code",
    "correct",
    "count_anomalies",
    "count_gaps",
    "gaps",
    "line",
    "mark",
    "page",
    "register",
    "scan",
    "scan_own",
    "sheet",
    "steps",
    "take_batch",
]
