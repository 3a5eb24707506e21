"""A trained generator, without its training: what it makes samples from, what it can be asked for, and its weights."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from gansmith.conditions import Condition
from gansmith.data.scale import Scale
from gansmith.errors import GansmithError
from gansmith.generators.latents import BLOCK, Drawing, Latents, drawing
from gansmith.generators.prior import Prior
from gansmith.generators.request import ConditionRequest
from gansmith.generators.rest import at_rest, maps_styles
from gansmith.generators.standardizing import Standardizing
from gansmith.generators.vocabulary import Vocabulary, described, layout
from gansmith.networks.options import Conditioning
from gansmith.settings.values import expanded
from gansmith.streams import forked, seed_by

if TYPE_CHECKING:
    from PIL.Image import Image

PIECE = 4 * BLOCK  # samples that are made at once
SHOWN = 16  # samples in a notebook


@dataclass(frozen=True, repr=False)
class TrainedGenerator:
    """A generator in evaluation mode, and all that is needed to draw samples from it.

    Attributes:
        generator: the network; maps z, and c where there are conditions, to samples in the units that it trained in.
        shape: of one sample, (D,) or (C, H, W).
        prior: what z is drawn from.
        conditioning: what it is asked for, and how it takes that in.
        vocabulary: the words it can be asked with, and how often the data have them.
        made_by: the run that trained it: its recipe, its step, its data, as plain values.
        scale: of the samples, if it was trained on data in units of their spread.
        run: the folder of that run, if it was loaded from there.
        file: where it was loaded from, if anywhere.
        opponent: returns the discriminator that it was trained against, if that is known.
        guide: returns what moves the attributes of its samples, if it has a place for it.
    """

    generator: nn.Module
    shape: tuple[int, ...]
    prior: Prior = Prior()
    conditioning: Conditioning = Conditioning()
    vocabulary: Vocabulary = Vocabulary()
    made_by: Mapping[str, Any] = field(default_factory=dict)
    scale: Scale | None = None
    run: Path | None = None
    file: Path | None = None
    opponent: Callable[[], nn.Module] | None = field(default=None, compare=False)
    guide: Callable[[TrainedGenerator], Any] | None = field(default=None, compare=False)

    @cached_property
    def condition(self) -> Condition:
        """The layout of what it can be asked for."""
        return layout(self.conditioning, self.prior, self.vocabulary)

    @property
    def name(self) -> str:
        """What it is called: like the run's folder, its file, or the recipe that made it."""
        if self.run or self.file:
            return self.run.name if self.run else str(self.file and self.file.stem)
        return self.recipe

    @property
    def recipe(self) -> str:
        """The recipe that made it."""
        return str(self.made_by.get("name", "generator"))

    @property
    def step(self) -> int:
        """Training steps behind it."""
        return int(self.made_by.get("step", 0))

    @cached_property
    def discriminator(self) -> nn.Module:
        """The discriminator that it was trained against, in evaluation mode; read from its run's checkpoint when asked.

        It maps samples, and their conditions if it is a conditional one, to scores or to a `DiscriminatorOutput`.
        """
        if self.opponent is None:
            where = self.file or f"this {self.recipe}"
            raise GansmithError(f"{where} is a generator alone: gansmith.load its run folder for the discriminator")
        found = self.opponent()
        return found if self.scale is None else Standardizing(found, self.scale)

    def sample(
        self,
        count: int | None = None,
        seed: int | Sequence[int] = 0,
        truncation: float = 1.0,
        labels: Any = None,
        attributes: Mapping[str, float] | None = None,
        codes: Mapping[int, float] | None = None,
        latents: Any = None,
    ) -> Tensor:
        """Return samples (count, *shape), images in [−1, 1].

        Sample i depends on the seed and what it is asked for, not on how many others are drawn with it.

        Args:
            count: how many; not needed where there is a seed or a latent for each.
            seed: of all of them; or one for each, which then is the first sample of its seed.
            truncation: below 1 trades variety for typicality: of the noise, see `Prior.draw`; or of the styles.
            labels: one name or number of a class, or a sequence, a tensor or an array of them, repeated until there are
                `count`; by default as often as the data have them.
            attributes: values in [0, 1] by name; the others are those of some real sample.
            codes: values by number, categories first, continuous ones in [−1, 1] after them; the others are drawn.
            latents: noise of one's own, (N, latent), a tensor or an array, instead of drawn noise; or what `latents`
                returned.
        """
        wanted = self._drawing(count, seed, truncation, ConditionRequest(labels, attributes, codes), latents)
        samples, first = torch.empty(0), 0
        for piece in self._made(wanted):  # into their place, as all pieces beside the whole would need twice the room
            if not first:
                samples = piece.new_empty((wanted.count, *piece.shape[1:]))
            samples[first : first + len(piece)] = piece
            first += len(piece)
        return samples

    def stream(self, count: int | None = None, **wanted: Any) -> Iterator[Tensor]:
        """Yield the samples that `sample` returns, at most 256 at a time: any number of them in the same memory."""
        return self._made(self._wanted(count, wanted))

    def write(self, out: str | Path, count: int | None = None, **wanted: Any) -> Path:
        """Write the samples that `sample` returns as they are made, and return where.

        Args:
            out: FILE.png (a grid), FILE.npz (numbers), or a new folder (a picture each, called by number or seed).
            wanted: see `sample`.
        """
        from gansmith.generators import writing

        path = expanded(str(out))
        writing.check_place(path, self.shape)
        drawn = self._wanted(count, wanted)
        names = None if isinstance(drawn.seeds, int) or path.suffix else writing.seed_names(drawn.seeds)
        writing.write(self._made(drawn), drawn.count, path, names)
        return path

    def picture(self, count: int | None = None, **wanted: Any) -> Image:
        """Return samples as one picture, 16 by default: images in a grid, vectors in a scatter. See `sample`."""
        from gansmith.generators import pictures

        many = count is None and wanted.get("latents") is None and isinstance(wanted.get("seed", 0), int)
        samples = self.sample(SHOWN if many else count, **wanted)
        return pictures.grid(samples) if samples.dim() == 4 else pictures.scatter(samples, samples[:0])

    def latents(
        self,
        count: int | None = None,
        seed: int | Sequence[int] = 0,
        truncation: float = 1.0,
        request: ConditionRequest | None = None,
    ) -> Latents:
        """Return what samples are made from, on the CPU."""
        wanted = self._drawing(count, seed, truncation, request or ConditionRequest())
        return wanted.rows(0, wanted.count)

    def _wanted(self, count: int | None, wanted: Mapping[str, Any]) -> Drawing:
        """Return what the arguments of `sample` ask for."""
        parts = {name: value for name, value in wanted.items() if name in ("labels", "attributes", "codes")}
        others = {name: value for name, value in wanted.items() if name not in parts}
        defaults = {"seed": 0, "truncation": 1.0}
        return self._drawing(count, request=ConditionRequest(**parts), **defaults | others)

    def _drawing(
        self, count: int | None, seed: Any, truncation: float, request: ConditionRequest, latents: Any = None
    ) -> Drawing:
        parts = (self.prior, self.condition, self.vocabulary)
        request.check(self.condition, self.vocabulary, self.recipe)
        asked = {"count": count, "seed": seed, "truncation": truncation, "request": request, "latents": latents}
        return drawing(*parts, **asked, of_styles=maps_styles(self.generator))

    def _made(self, wanted: Drawing) -> Iterator[Tensor]:
        truncation = wanted.truncation if wanted.of_styles else 1.0
        for first in range(0, wanted.count, PIECE):
            yield from self.make(wanted.rows(first, min(PIECE, wanted.count - first)), truncation=truncation)

    @torch.no_grad()
    def make(self, latents: Latents, piece: int = PIECE, truncation: float = 1.0) -> Generator[Tensor, None, None]:
        """Yield samples on the CPU as float32, a piece at a time, whatever the network's dtype and device.

        It is in evaluation mode meanwhile, see `at_rest`.
        """
        numbers = [*self.generator.parameters(), *self.generator.buffers(), latents.z]
        like = next(tensor for tensor in numbers if tensor.is_floating_point())
        parts = [torch.split(part, piece) for part in latents if part is not None]
        with at_rest(self.generator, truncation):
            for inputs in zip(*parts, strict=True):
                with forked(seed_by(inputs[0])):  # a network may draw numbers of its own
                    made = self.generator(*(part.to(like.device, like.dtype) for part in inputs))
                yield made.cpu().float() if self.scale is None else self.scale.restored(made.cpu().float())

    @cached_property
    def directions(self) -> Any:
        """What moves the attributes of its samples, a `gansmith.latent.Directions`; read from its file when asked."""
        if self.guide is None:
            raise GansmithError(f"{self.name} has no axes yet: learn them first, gansmith.directions(gan)")
        return self.guide(self)

    def steer(
        self,
        latents: Any,
        sliders: Mapping[str, float] | None = None,
        hold: Sequence[str] | None = None,
        add: Sequence[str] = (),
        subtract: Sequence[str] = (),
        quick: bool = False,
    ) -> Tensor:
        """Return the samples of latents (see `sample`), moved by sliders in [0, 100]; 50 leaves them as they are.

        Short for `gan.directions.steered(sliders, …).sample(latents=latents)`: see `gansmith.latent.Directions`.
        """
        steered: TrainedGenerator = self.directions.steered(sliders, hold, add, subtract, quick)
        return steered.sample(latents=latents)

    def labels_of(self, latents: Latents) -> list[str] | None:
        """Return the names of the labels that samples were asked for; None where there are none."""
        if latents.c is None or not self.condition.labels:
            return None
        return [self.vocabulary.labels[i] for i in self.condition.split(latents.c).labels.argmax(dim=1).tolist()]

    def __repr__(self) -> str:
        step = f", step {self.step:,}" if self.step else ""
        words = f"; {asked}" if (asked := described(self.condition, self.vocabulary)) else ""
        size = "x".join(map(str, self.shape))
        return f"<TrainedGenerator {self.name}: {size}, latent {self.prior.latent}{step}{words}>"

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the line above and a few samples."""
        from gansmith.generators import pictures

        return pictures.html(repr(self)[1:-1], self.picture())
