"""What is done with networks and memberships."""

from services.registry_api.networks.repository.parts import members
from services.registry_api.networks.service.admission import Admission, admit, admit_many
from services.registry_api.networks.service.counting import (
    coordinators,
    count,
    count_members,
    counted_by,
    member_ids,
)
from services.registry_api.networks.service.succession import bound, carry, take_back

__all__ = [
    "Admission",
    "admit",
    "admit_many",
    "bound",
    "carry",
    "coordinators",
    "count",
    "count_members",
    "counted_by",
    "member_ids",
    "members",
    "take_back",
]
