"""From pictures to points of the latent space: encoder, descent, and a generator tuned around pictures."""
