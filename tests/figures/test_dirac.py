"""The Dirac-GAN: who arrives and who circles, as in Mescheder et al. 2018."""

from gansmith.figures.dirac import dirac


def test_only_what_is_damped_arrives():
    found = dirac().numbers
    circles = ["GAN", "WGAN, |ψ| ≤ 1", "WGAN-GP, 0.35 (|ψ| − 1)²"]
    assert all(0.9 < found[name] < 1.5 for name in circles)
    assert 0.1 < found["non-saturating GAN"] < 0.5  # on its way, ever slower
    assert found["GAN, instance noise σ = 0.7"] < 1e-4
    assert found["GAN + R1, γ = 0.3"] < 1e-6
    assert found["GAN, consensus γ = 1"] < 1e-10
    assert found["GAN + R1, γ = 1 (critical)"] < 1e-14
