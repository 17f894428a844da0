"""What follows a course: a mentor, visits, a rubric, evidence."""
