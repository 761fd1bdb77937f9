"""Training: labelled data, fitting, measuring, promoting."""
