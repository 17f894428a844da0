"""Places for pupils: shifts, load, deficit and its forecast, staffing of what opens."""
