"""Where terms build networks of their own."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from torch import Tensor, nn

from gansmith.conditions import Condition
from gansmith.errors import GansmithError
from gansmith.networks.build import build_classifier, build_discriminator, build_pairs, build_recognition
from gansmith.networks.memory import Memory
from gansmith.networks.projected import ProjectedDiscriminator
from gansmith.recipes.composition import Recipe
from gansmith.training.reading import reader_of


@dataclass
class Site:
    """What terms build their networks from; see `gansmith.games.term.Site`."""

    recipe: Recipe
    shape: tuple[int, ...]
    condition: Condition
    networks: dict[str, nn.Module] = field(default_factory=dict)

    @property
    def latent(self) -> int:
        return int(self.recipe.prior.latent)

    def discriminator(self) -> nn.Module:
        r, family = self.recipe, self.recipe.family(self.shape)
        return build_discriminator(family, self.shape, self.condition, r.conditioning, r.discriminator_options)

    def encoder(self, outputs: int) -> nn.Module:
        family = self.recipe.family(self.shape)
        if not hasattr(family, "encoder"):
            raise GansmithError(f"{type(family).__name__} builds no encoder: use --network dcgan or mlp")
        return family.encoder(self.shape, outputs)  # type: ignore[no-any-return]

    def classifier(self, alone: bool) -> nn.Module:
        family, options = self.recipe.family(self.shape), self.recipe.discriminator_options
        plain = dataclasses.replace(options, pack=1, spectral_norm=False)
        own = build_discriminator(family, self.shape, options=plain) if alone else None
        return build_classifier(self.networks["discriminator"], self.condition, own)

    def recognition(self) -> nn.Module:
        return build_recognition(self.networks["discriminator"], self.condition)

    def projected(self) -> nn.Module:
        return ProjectedDiscriminator(*reader_of(self.shape))

    def pairs(self, numbers: int) -> nn.Module:
        return build_pairs(self.networks["discriminator"], numbers)

    def memory(self, **buffers: Tensor) -> nn.Module:
        return Memory(**buffers)
