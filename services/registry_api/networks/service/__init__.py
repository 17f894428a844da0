"""What is done with networks and memberships."""

from services.registry_api.networks.service.counting import (
    coordinators,
    count_members,
    counted_by,
    member_ids,
)

__all__ = ["coordinators", "count_members", "counted_by", "member_ids"]
