"""Every SQL statement of this room: projects in `projects`, development plans in `plans`, study visits in `visits`."""
