"""What the course changed, against those who waited."""
