"""Documents that anybody can verify: PDF, Open Badges, status lists, keys."""
