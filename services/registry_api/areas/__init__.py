"""The classifier of administrative-territorial objects (KATO): explicit parents, names and validity."""
