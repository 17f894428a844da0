"""What a service tells about itself: logs without personal data, request and trace identifiers, metrics."""
