"""What the places owe to choices that could have been made otherwise: replicates, spreads, indices."""
