"""The parts of a recipe: what can be chosen, and the defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Source:
    """Where the real samples come from."""

    data: str = "digits"
    """A built-in set (see `gansmith data`), an image folder, a .parquet, .npy or .npz file, or hub:OWNER/NAME."""
    image_column: str | None = None
    """Column (parquet, hub) or array (.npz) that holds the images; found by itself when there is only one."""
    label_column: str | None = None
    """Column or array that holds the labels; found by itself when it is called label, labels or y."""
    attribute_columns: str | None = None
    """Columns or arrays that hold attributes in [0, 1], with commas between them: Young,Smiling."""
    split: str = "train"
    """Split of a hub data set."""
    image_size: int | None = None
    """Side in pixels that images are resized to; by default the next size up that the network makes."""
    resident_limit: float = 2.0
    """Sets of up to this many GiB live on the device as bytes; larger ones stream from disk."""
    workers: int = 2
    """Processes that decode images when the set streams."""


@dataclass(frozen=True)
class Networks:
    """The two players' networks."""

    network: Literal["mlp", "dcgan", "resnet", "infogan"] = "dcgan"
    """Family for images; vectors (the toy sets) are always played by an mlp."""
    latent: int = 100
    """Dimensions of the noise z."""
    noise: Literal["normal", "uniform"] = "normal"
    """z ~ N(0, scale²) or U[-scale, scale]."""
    noise_scale: float = 1.0
    """Scale of the noise."""
    width: int = 32
    """Channels of the convolutional layer next to the image; doubled at each halving of the side."""
    hidden: int = 128
    """Units of each hidden layer of an mlp, and of the fully connected layers of infogan."""
    generator_layers: int = 3
    """Hidden layers of an mlp generator."""
    discriminator_layers: int = 3
    """Hidden layers of an mlp discriminator."""
    generator_activation: Literal["relu", "leaky_relu", "tanh", "softplus"] = "relu"
    """Activation of an mlp generator."""
    discriminator_activation: Literal["relu", "leaky_relu", "tanh", "softplus"] = "leaky_relu"
    """Activation of an mlp discriminator."""
    generator_norm: Literal["batch", "none"] = "batch"
    """Normalisation in a convolutional generator."""
    discriminator_norm: Literal["batch", "layer", "none"] = "batch"
    """Normalisation in a convolutional discriminator; a gradient penalty wants none or layer."""
    spectral_norm: bool = False
    """Divide every discriminator weight by its largest singular value (Miyato et al. 2018)."""
    minibatch: Literal["none", "stddev", "kernels", "distances"] = "none"
    """What the discriminator sees of its minibatch as a whole: its standard deviation (Karras et al. 2018), learned
    kernels (minibatch discrimination, Salimans et al. 2016) or plain distances between its samples."""
    pack: int = 1
    """Samples the discriminator judges together (PacGAN's m, Lin et al. 2018)."""
    autoencoder: bool = False
    """The discriminator reconstructs its input, and the score is minus the error (Zhao et al. 2017)."""
    condition: Literal["none", "labels", "attributes"] = "none"
    """What of the data's knowledge the generator is asked for."""
    discriminator_condition: Literal["none", "concat", "projection"] = "none"
    """How the discriminator is told the condition: beside its input, or by projection (Miyato, Koyama 2018)."""
    conditional_norm: bool = False
    """Gains and shifts of a convolutional generator's batch norm depend on the condition."""
    embedding: int = 32
    """Numbers that a condition is mapped to before it joins the noise."""
    auxiliary: Literal["none", "head", "network"] = "none"
    """Who checks that the condition is there: a head on the discriminator's features, or a network of its own."""
    categorical_codes: int = 0
    """Categorical codes the generator gets with its noise (InfoGAN)."""
    categories: int = 10
    """Categories of each categorical code."""
    continuous_codes: int = 0
    """Continuous codes, U[-1, 1], the generator gets with its noise (InfoGAN)."""


@dataclass(frozen=True)
class Objective:
    """The costs: one adversarial loss and any sum of penalties (a weight of 0 leaves a penalty out)."""

    loss: Literal[
        "minimax", "nonsaturating", "least-squares", "wasserstein", "hinge", "margin", "ebgan", "relativistic"
    ] = "nonsaturating"
    """Adversarial loss."""
    margin: float = 1.0
    """Energy margin m of the ebgan loss."""
    discriminator_scale: float = 1.0
    """Factor on the discriminator's adversarial cost (1/2 in Goodfellow's tutorial)."""
    generator_scale: float = 1.0
    """Factor on the generator's adversarial cost; 0 leaves it to other terms, feature matching for one."""
    label_smoothing: float = 0.0
    """Target 1 - s instead of 1 for real samples (logistic and least-squares losses)."""
    label_noise: float = 0.0
    """Probability that a label is flipped for the discriminator (logistic and least-squares losses)."""
    clip: float = 0.0
    """Clip every discriminator weight to [-c, c] after each of its moves; 0 is off."""
    gradient_penalty: float = 0.0
    """Weight of the gradient penalty between real and fake (WGAN-GP's lambda)."""
    gradient_target: float = 1.0
    """Gradient norm that the gradient penalty pulls towards."""
    one_sided: bool = False
    """Penalise only gradient norms above the target."""
    r1: float = 0.0
    """Weight gamma of (gamma/2) E|grad D|^2 on real samples."""
    r2: float = 0.0
    """Weight gamma of (gamma/2) E|grad D|^2 on fake samples."""
    dragan: float = 0.0
    """Weight of DRAGAN's gradient penalty around the data."""
    variance: float = 0.0
    """Weight of Var D under the data plus Var D under the generator."""
    pull_away: float = 0.0
    """Weight of EBGAN's pull-away term in the generator's cost."""
    auxiliary_real: float = 1.0
    """Weight of the condition's cross entropy on real samples in the discriminator's cost, if somebody checks it."""
    auxiliary_fake: float = 0.0
    """Weight of the same on fakes in the discriminator's cost (1 in AC-GAN's paper)."""
    auxiliary_generator: float = 1.0
    """Weight of the same on fakes in the generator's cost."""
    information: float = 0.01
    """Weight lambda of the bound on the mutual information of categorical codes and samples (InfoGAN); larger, the
    codes settle on something before the samples look like anything."""
    information_continuous: float = 0.01
    """The same for continuous codes."""
    feature_matching: float = 0.0
    """Weight of matching the mean of the discriminator's features in the generator's cost (Salimans et al. 2016)."""
    feature_covariance: float = 0.0
    """Weight of their covariance within feature matching."""
    replay: float = 0.0
    """Weight of the discriminator's cost on fakes of earlier steps."""
    replay_size: int = 2048
    """Fakes remembered for replay."""
    instance_noise: float = 0.0
    """Standard deviation of the noise on all that the discriminator sees, at the start; it falls to 0 linearly."""
    instance_noise_until: float = 1.0
    """Fraction of the run at which the instance noise has gone."""
    augment: str = ""
    """DiffAugment on all that the discriminator sees: any of color,translation,cutout (Zhao et al. 2020)."""
    penalty_every: int = 1
    """Apply penalties only at every n-th move of the discriminator, n times as strong."""


@dataclass(frozen=True)
class Play:
    """How the players move."""

    dynamics: Literal["alternating", "simultaneous", "extragradient", "optimistic", "unrolled"] = "alternating"
    """Who moves when."""
    n_critic: int = 1
    """Discriminator moves per generator move (k in Algorithm 1; alternating only)."""
    reuse: bool = True
    """The generator answers the discriminator's last minibatch (alternating only); otherwise it draws a fresh one."""
    unrolled_steps: int = 5
    """Discriminator steps the generator looks ahead, and differentiates through (unrolled only)."""
    unrolled_lr: float = 0.1
    """Step size of those steps of plain gradient descent."""
    consensus: float = 0.0
    """Weight gamma of (gamma/2)|v|^2, v the field of all gradients, in every player's cost; 0 is off."""
    optimizer: str = "Adam"
    """Any optimiser of torch.optim by its class name."""
    lr_generator: float = 2e-4
    """Learning rate of the generator."""
    lr_discriminator: float = 2e-4
    """Learning rate of the discriminator; two time scales are two rates."""
    betas: tuple[float, float] | None = None
    """Decay rates of an Adam-like optimiser's moments; by default torch's."""
    momentum: float | None = None
    """Momentum of SGD or RMSprop; by default torch's."""
    schedule: Literal["constant", "linear", "cosine"] = "constant"
    """Course of both learning rates from their start to lr_final times it."""
    lr_final: float = 0.0
    """Fraction of the learning rate left at the last step."""


@dataclass(frozen=True)
class Budget:
    """How long, from which seed, where, and what is written down."""

    steps: int = 2000
    """Training steps (generator moves)."""
    batch: int = 64
    """Samples in a minibatch."""
    seed: int = 0
    """Seed of the weights, the noise and the order of the data."""
    device: str = "auto"
    """auto, cpu, cuda or cuda:N."""
    threads: int | None = None
    """CPU threads of the arithmetic; by default torch's choice, one per core. Their number decides the rounding."""
    compile: bool = False
    """Record a whole step, gradients and optimisers included, and compile it: the same arithmetic rounded in another
    order, faster once a minute of compiling has paid. Needs a C++ compiler; pays most for an mlp."""
    precision: Literal["fp32", "tf32", "bf16"] = "fp32"
    """fp32; tf32 (CUDA alone: products of 10-bit fractions); bf16 (forward passes of 7-bit fractions: gradients move
    by a few percent)."""
    ema: float = 0.999
    """Decay of the averaged generator that samples are drawn from; 0 is off."""
    log_every: int = 50
    """Steps between two lines of the journal."""
    checkpoint_every: int = 500
    """Steps between two checkpoints."""
    keep: int = 2
    """Checkpoints kept besides the best one."""


@dataclass(frozen=True)
class Measure:
    """How samples are compared with real ones while training goes on."""

    evaluate_every: int = 500
    """Steps between two evaluations (there is one at the end too); 0 is off."""
    evaluate_samples: int = 2500
    """Generated samples measured each time."""
    features: str = "auto"
    """auto, raw, random, classifier, inception or MODULE:ATTRIBUTE, see `gansmith evaluate --help`."""
    best_by: str = "auto"
    """Metric that chooses the best checkpoint; by default fid for images, sliced_wasserstein for vectors."""
