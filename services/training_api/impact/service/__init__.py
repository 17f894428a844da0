"""What is done about impact: measures are kept, and what a programme changed is told, or that it cannot be told."""

from services.training_api.impact.service.measures import record, record_many
from services.training_api.impact.service.reporting import Asked, ask, of_indicator, of_instrument

__all__ = ["Asked", "ask", "of_indicator", "of_instrument", "record", "record_many"]
