"""Theory: divergences, optimal transport and the optimal discriminator, as plain functions on densities and samples."""
