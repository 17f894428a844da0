"""What was reached: tasks, scores, re-sits and the outcome."""
