"""HTTP of attendance: codes and scans, registers, and reports."""

from services.training_api.attendance.router.codes import badges
from services.training_api.attendance.router.codes import router as codes
from services.training_api.attendance.router.register import router as register
from services.training_api.attendance.router.reports import router as reports
from services.training_api.attendance.router.scans import own
from services.training_api.attendance.router.scans import router as scans

routers = (codes, scans, register, own, badges, reports)

__all__ = ["routers"]
