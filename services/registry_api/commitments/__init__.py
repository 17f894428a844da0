"""What a party of a memorandum owes, the evidence for it, and its two lights."""
