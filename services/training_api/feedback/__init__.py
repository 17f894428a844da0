"""What the course was worth, asked at its end and months later, without names."""
