"""What the data can bear: variances, posteriors, ranks as estimates, bands, value added."""
