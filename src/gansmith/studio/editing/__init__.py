"""A portrait, or a picture of one's own, that is painted over and dragged."""
