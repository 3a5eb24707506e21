"""A GAN on the line or in the plane, played, paused, taken apart and wound back while somebody looks at it."""
