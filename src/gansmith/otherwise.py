"""What other tools call things: StyleGAN, Keras, Lightning, Hugging Face, torchgan, mimicry, StudioGAN, tutorials.

A name that means something else than it is spelt like is answered by what it means. Names are compared without case and
without what stands between words: `num-epochs`, `num_epochs` and `numEpochs` are one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple


class Meaning(NamedTuple):
    """What several names mean."""

    names: str
    ours: str = ""
    """Our names, the first that is there is it; empty where there is none."""
    note: str = ""
    """How values are translated, or what there is instead."""


SETTINGS = (
    Meaning("iterations iters niter niters numiters maxiter maxsteps totalsteps trainsteps numsteps nsteps", "steps"),
    Meaning("numiterations numtrainsteps maxtrainsteps trainingsteps iteration nupdates", "steps"),
    Meaning(
        "epochs epoch nepochs numepochs maxepochs totalepochs numtrainepochs",
        "steps",
        "an epoch of N samples is N / batch steps",
    ),
    Meaning("kimg totalkimg nimg", "steps", "1,000 images are 1000 / batch steps"),
    Meaning("batchsize bs trainbatchsize perdevicetrainbatchsize minibatchsize", "batch"),
    Meaning("learningrate lrate alpha baselr initlr", "lr"),
    Meaning("lrg glr lrgen generatorlr glearningrate", "lr_generator"),
    Meaning("lrd dlr lrdis lrdisc discriminatorlr dlearningrate lrcritic criticlr", "lr_discriminator"),
    Meaning("ttur", "lr_discriminator", "two time scales are two rates, with --lr-generator"),
    Meaning("beta1 b1 adambeta1 beta2 b2 adambeta2 beta adambetas", "betas", "both in one: --betas 0.5 0.999"),
    Meaning("epsilon adamepsilon adameps", "eps"),
    Meaning("optim opt optimizername", "optimizer"),
    Meaning("wd l2 l2reg weightdecayrate", "weight_decay"),
    Meaning("lrschedule lrscheduler scheduler lrdecay decaytype lrpolicy decayepoch", "schedule"),
    Meaning("warmup warmupsteps lrwarmup", "", "there is none: --schedule is constant, linear or cosine"),
    Meaning("clipgrad maxgradnorm clipnorm gradientclipval gradientclipping gradclipnorm clipgradnorm", "grad_clip"),
    Meaning("gradientclip gradnorm", "grad_clip"),
    Meaning(
        "clipvalue cliplimit weightclipping weightcliplimit weightclippinglimit",
        "weight_clip",
        "it clips weights; of gradients the norm: --grad-clip",
    ),
    Meaning(
        "accumulategradbatches gradaccum accumulationsteps gradientaccumulation accum",
        "accumulate",
        "batches so many times as large",
    ),
    Meaning("gradientaccumulationsteps numaccumulations gradacc", "accumulate", "batches so many times as large"),
    Meaning("batchgpu", "accumulate", "batch / batch-gpu; --batch is then what batch-gpu was"),
    Meaning(
        "gpu gpus gpuid gpuids ngpu ngpus numgpus cuda usecuda usegpu usemps mps accelerator",
        "device",
        "cpu, cuda, cuda:N or mps",
    ),
    Meaning("distributed ddp nodes numnodes localrank worldsize", "", "there is none: a run plays on one device"),
    Meaning("fp16 amp bf16 half mixedprecision usefp16 useamp autocast", "precision", "--precision bf16"),
    Meaning("tf32 allowtf32", "precision", "--precision tf32"),
    Meaning("jit torchcompile xla", "compile"),
    Meaning("deterministic benchmark cudnnbenchmark", "", "there is none: every run repeats bit for bit"),
    Meaning("emadecay emabeta gema emarate ewma movingaverage modelema beta_ema", "ema", "the decay of a step, 0.999"),
    Meaning("emakimg", "ema", "a half-life of K steps is the decay 0.5 ** (1 / K)"),
    Meaning("randomseed manualseed rngseed seedeverything", "seed"),
    Meaning("numseeds nseeds nruns repeats", "seeds", "of gansmith sweep"),
    Meaning("njobs numjobs parallel maxparallel processes", "jobs", "of gansmith sweep"),
    Meaning("zdim nz zsize latentdim noisedim dimz latentsize latentdimension codingssize zd inputdim", "latent"),
    Meaning("ngf ndf nf gch dch convdim gconvdim dconvdim fmaps cbase basechannels ndfilters ngfilters", "width"),
    Meaning("hiddendim hiddensize hiddenunits nhidden dimhidden", "hidden"),
    Meaning("gnorm normg", "generator_norm"),
    Meaning("dnorm normd", "discriminator_norm"),
    Meaning("nc inchannels imgchannels outchannels numchannels channels colors", "", "there is none: the data say it"),
    Meaning(
        "imsize imgsize resolution res img_resolution inputsize cropsize loadsize finesize resize size", "image_size"
    ),
    Meaning("nclasses numclasses classes ydim", "", "there is none: the data say it (--label-column)"),
    Meaning("cond conditional classcond labelcond", "condition", "--condition labels"),
    Meaning("dataset dataroot datadir datapath datafolder traindir root traindatadir datasetname imagefolder", "data"),
    Meaning("labelscolumn targetcolumn labelkey classcolumn", "label_column"),
    Meaning("imagekey picturecolumn imagescolumn", "image_column"),
    Meaning(
        "numworkers ncpu nthreads numthreads nworkers dataloadernumworkers", "workers", "CPU threads are --threads"
    ),
    Meaning("outdir outputdir output savedir outputpath logdir resultsdir resultdir expdir defaultrootdir", "out"),
    Meaning("experiment expname runname experimentname", "out"),
    Meaning(
        "resumefrom continuetrain resumetraining resumefromcheckpoint", "", "a run goes on by: gansmith resume RUN"
    ),
    Meaning("resume restore", "", "a run goes on by: gansmith resume RUN; weights of another are --from"),
    Meaning("pretrained checkpoint ckpt initfrom loadfrom weights loadmodel init_weights finetunefrom load", "from"),
    Meaning("freezed freezedlayers freezelayers frozenlayers", "discriminator.freeze", "so many layers"),
    Meaning(
        "saveevery saveinterval savefreq ckptevery saveepochfreq savesteps snap snapshotinterval", "checkpoint_every"
    ),
    Meaning("checkpointinterval checkpointfreq savesnapshots", "checkpoint_every"),
    Meaning("keepcheckpoints savetotallimit maxtokeep savetopk", "keep"),
    Meaning("loginterval printevery displayfreq loggingsteps logeverynsteps printfreq vizfreq", "log_every"),
    Meaning(
        "sampleinterval sampleevery imagesnap samplefreq", "", "there is none: pictures come at 100, 200, 500, … steps"
    ),
    Meaning("evalevery evalinterval fidevery evalsteps evaluatesteps checkvaleverynepoch valfreq", "evaluate_every"),
    Meaning("earlystopping earlystop earlystoppingpatience", "patience", "in evaluations, of --best-by"),
    Meaning("nsamples numsamples nimages numimages num nfake evalsamples samplesize", "evaluate_samples count samples"),
    Meaning("monitor bestmetric metricforbestmodel loadbestmodelatend", "best_by"),
    Meaning("criterion ganmode advloss ganloss losstype losstypes objective lossfn", "loss"),
    Meaning("lambdagp gplambda gpweight gpscale lambdagradientpenalty gp", "gradient_penalty"),
    Meaning("r1gamma r1weight lambdar1 r1lambda r1reg gamma", "r1", "StyleGAN's γ is the same: γ/2 times the square"),
    Meaning("dregevery dreginterval lazyr1 r1interval", "every"),
    Meaning("gregevery plweight pathlength pathreg plreg", "", "there is none: no path length regularisation"),
    Meaning("ndis ncritics dsteps criticiters discriminatorsteps ndisc diters discriters dksteps", "n_critic"),
    Meaning("numdsteps discriminatoriterations numdisupdates dupdates criticsteps kdisc", "n_critic"),
    Meaning("gsteps giters generatorsteps ngen", "", "there is none: the generator moves once a step; --lr-generator"),
    Meaning("sn usesn snorm spectralnormalization applydsn dsn", "spectral_norm"),
    Meaning("smoothing labelsmooth onesidedlabelsmoothing smooth smoothlabels", "label_smoothing"),
    Meaning("flipy noisylabels labelflip flipprob", "label_noise"),
    Meaning("noisestd inputnoise sigmanoise", "instance_noise"),
    Meaning("zdist noisetype ztype priordist", "noise", "normal or uniform"),
    Meaning("mirror xflip hflip horizontalflip randomflip flips randomhorizontalflip fliplr applyflip", "flip"),
    Meaning("aug diffaug diffaugpolicy augpipe ada dataaug augmentations", "diff_augment", "color,translation,cutout"),
    Meaning("minibatchstddev mbstd mbstdgroupsize", "minibatch", "--minibatch stddev"),
    Meaning("packing packs npack", "pack"),
    Meaning("poolsize buffersize experiencereplay", "replay"),
    Meaning("unrolled unrollsteps unrolling", "unrolled_steps", "with --dynamics unrolled"),
    Meaning("dropout dropoutrate pdrop", "generator_dropout discriminator_dropout"),
    Meaning(
        "inittype initgain ginit weightinit initmethod", "", "there is none: a network's family knows how it begins"
    ),
    Meaning("arch model netg netd backbone generatortype gmodel", "network"),
    Meaning(
        "attention selfattention attn", "", "there is none: networks of your own may have it, see docs/extending.md"
    ),
    Meaning("cfg config configfile preset", "", "there is none: name a recipe; one of your own is MODULE:ATTRIBUTE"),
    Meaning(
        "wandb usewandb tensorboard mlflow logger reportto", "", "there is none: TensorBoard reads every run folder"
    ),
    Meaning("verbose quiet silent", "", "there is none: 2>/dev/null hides progress, quiet=True does in Python"),
    Meaning("truncationpsi psi trunc temperature", "truncation"),
    Meaning("classlabel classidx class label y", "labels"),
    Meaning("metric", "metrics", "ours are always measured, --metrics are of your own"),
)
COMMANDS = (
    Meaning("generate gen draw generateimages infer predict test", "sample"),
    Meaning("eval score fid calcmetrics metrics measure validate", "evaluate"),
    Meaning("continue restart restore", "resume"),
    Meaning("fit run new start finetune", "train", "gansmith train RECIPE"),
    Meaning("search grid tune hpo multirun experiment", "sweep"),
    Meaning("list ls models zoo init config", "recipes"),
    Meaning("dataset datasets", "data"),
    Meaning("plot figures explain course", "theory"),
    Meaning("bench benchmark time speed", "profile"),
    Meaning("diff leaderboard", "compare"),
    Meaning("steer axes sliders sefa ganspace interfacegan closedformfactorization", "directions"),
)
LOSSES = (
    Meaning("bce gan standard dcgan logistic softplus ns nslogistic crossentropy bcewithlogits", "nonsaturating"),
    Meaning("mm saturating original", "minimax"),
    Meaning("mse ls lsgan l2", "least-squares"),
    Meaning("w wgan wass emd kantorovich", "wasserstein"),
    Meaning("wgangp", "wasserstein", "with --gradient-penalty 10"),
    Meaning("rgan rsgan", "relativistic"),
    Meaning("ragan rasgan ralsgan rahinge", "relativistic-average"),
)
RECIPES = (
    Meaning("gan goodfellow", "vanilla"),
    Meaning("snresnet spectralnorm", "sngan"),
    Meaning("stylegan stylegan2 stylegan3 progan pggan", "", "there is none; r3gan is its modern baseline"),
    Meaning("biggan sagan", "", "there is none; near are sngan and cdcgan with --network resnet --loss hinge"),
    Meaning("cyclegan pix2pix munit stargan", "", "there is none; inpaint and superres answer pictures"),
    Meaning("srgan esrgan", "superres"),
    Meaning("contextencoder", "inpaint"),
    Meaning("ali", "bigan", "with --posterior 1"),
    Meaning("ddpm diffusion flow", "", "there is none: gansmith trains GANs"),
    Meaning("began", "ebgan"),
    Meaning("ragan rgan", "nsgan", "with --loss relativistic-average"),
    Meaning("cwgan cwgangp", "wgan-gp", "with --condition labels"),
)
DATA = (
    Meaning("mnist", "", "the set of the Hugging Face hub is --data hub:ylecun/mnist; a small one is digits"),
    Meaning("fashionmnist fmnist", "", "the set of the Hugging Face hub is --data hub:zalando-datasets/fashion_mnist"),
    Meaning("cifar10 cifar", "", "the set of the Hugging Face hub is --data hub:uoft-cs/cifar10"),
    Meaning("cifar100", "", "the set of the Hugging Face hub is --data hub:uoft-cs/cifar100"),
    Meaning("celeba", "", "use its folder, with list_attr_celeba.txt in it or beside it, or hub:OWNER/NAME"),
    Meaning("ffhq lsun imagenet stl10 svhn", "", "use a folder of its images, or hub:OWNER/NAME"),
    Meaning("stackedmnist", "", "use --data stacked:hub:ylecun/mnist"),
    Meaning("8gaussians gaussians mog mixture", "ring"),
    Meaning("25gaussians", "grid"),
    Meaning("faces avatars", "portraits"),
)
FEATURES = (
    Meaning("inceptionv3 tfinception pool3 2048", "inception"),
    Meaning("vgg clip dino dinov2 swav", "", "there is none: give your own function or network, MODULE:ATTRIBUTE"),
)
METRICS = (
    Meaning("is inceptionscore isc", "score"),
    Meaning("fid50k fid50kfull frechet", "fid"),
    Meaning("kid50k mmd", "kid"),
    Meaning("pr pr50k", "precision", "and recall"),
    Meaning("lpips ppl", "", "there is none; diversity is the nearest"),
)
KINDS = {"setting": SETTINGS, "flag": SETTINGS, "command": COMMANDS, "loss": LOSSES, "recipe": RECIPES}
KINDS |= {"data set": DATA, "features": FEATURES, "metric": METRICS}
ALSO = {"setting": ("lr_generator", "lr_discriminator")}
"""Names that are taken besides those that are listed: short for generator.lr and discriminator.lr."""


def squashed(name: str) -> str:
    """Return a name without case and without what stands between words.

    >>> squashed("--Num-Epochs"), squashed("manualSeed")
    ('numepochs', 'manualseed')
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


def meanings(kind: str, name: str) -> Iterator[Meaning]:
    """Yield what a name of a kind means."""
    word = squashed(name)
    yield from (meaning for meaning in KINDS.get(kind, ()) if word in map(squashed, meaning.names.split()))


def meant(kind: str, name: str, known: Collection[str]) -> str | None:
    """Say what to use for a name that other tools have; None where nobody has it.

    >>> print(meant("setting", "num_epochs", ["steps"]))
    use --steps: an epoch of N samples is N / batch steps
    >>> print(meant("flag", "--n-samples", ["--count", "--seed"]))
    use --count
    """
    for meaning in meanings(kind, name):
        there = [one for one in meaning.ours.split() if one in known or f"--{one.replace('_', '-')}" in known]
        if kind == "flag" and meaning.ours and not there:
            continue  # another verb's
        ours = (there or meaning.ours.split() or [""])[0]
        return ": ".join(filter(None, [f"use {_written(kind, ours)}" if ours else "", meaning.note]))
    return None


def _written(kind: str, name: str) -> str:
    return f"--{name.removeprefix('--').replace('_', '-')}" if kind in ("setting", "flag") else f"'{name}'"
