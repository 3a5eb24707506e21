"""From strokes, masks, sketched edges and dragged points to the nearest picture that the generator can make."""
