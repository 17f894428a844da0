"""What several handlers of attendance ask for."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request

from services.training_api.settings import attendance_secret

SessionPath = Annotated[UUID, Path(description="The session", examples=["0198c0de-0000-7000-8000-000000000321"])]
EnrolmentPath = Annotated[UUID, Path(description="The enrolment", examples=["0198c0de-0000-7000-8000-000000000501"])]


async def _attendance_key(request: Request) -> bytes:
    return attendance_secret(request.app.state.settings)


AttendanceKey = Annotated[bytes, Depends(_attendance_key)]
"""The key of codes and badges."""
