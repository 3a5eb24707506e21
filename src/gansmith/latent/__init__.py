"""A generator's latent space: what it knows of attributes, how one is moved, and the way from a picture to it."""

from typing import TYPE_CHECKING

from gansmith.lazy import doors

if TYPE_CHECKING:
    from gansmith.latent.arithmetic import with_difference
    from gansmith.latent.axes import Axes, linear_axes, logistic_axes, orthogonalised
    from gansmith.latent.coordinates import Coordinates
    from gansmith.latent.directions import Directions
    from gansmith.latent.editing.carrying import carried
    from gansmith.latent.editing.constraints import Constraints, Layer, read_layer
    from gansmith.latent.editing.dragging import Dragged, Pull, drag
    from gansmith.latent.editing.editing import Edit, Editing, edit
    from gansmith.latent.editing.weights import Weights
    from gansmith.latent.effects import Unsupervised
    from gansmith.latent.ensemble import Ensemble
    from gansmith.latent.factorized import Factors, closed_form, principal_components
    from gansmith.latent.inversion.encoder import Encoder, encoder_of, learn_encoder
    from gansmith.latent.inversion.inverting import Inversion, Search, invert
    from gansmith.latent.inversion.noise import noise_of
    from gansmith.latent.inversion.tuning import tuned
    from gansmith.latent.kept import Member, ensemble_of, predictor_of
    from gansmith.latent.learning import learn_directions
    from gansmith.latent.lesson import Lesson, lesson_of
    from gansmith.latent.measures import Nearness, nearness
    from gansmith.latent.predictor import Predictor, Reader, learn_predictor
    from gansmith.latent.response import Response, fit_response
    from gansmith.latent.sliders import Sliders, logit_range, slider_goal
    from gansmith.latent.space import Space
    from gansmith.latent.steering import Steering, Steps, steered
    from gansmith.latent.walks.animation import animate
    from gansmith.latent.walks.disentangled import Disentangled, disentangled
    from gansmith.latent.walks.paths import endless, spherical, through
    from gansmith.latent.walks.traversals import Traversal, traversed
    from gansmith.latent.walks.walking import around, between
    from gansmith.latent.whitening import Whitening, whitening_of

_PLACES = {
    "arithmetic": ("with_difference",),
    "axes": ("Axes", "linear_axes", "logistic_axes", "orthogonalised"),
    "coordinates": ("Coordinates",),
    "directions": ("Directions",),
    "editing.carrying": ("carried",),
    "editing.dragging": ("Dragged", "Pull", "drag"),
    "editing.editing": ("Edit", "Editing", "edit"),
    "editing.weights": ("Weights",),
    "editing.constraints": ("Layer", "Constraints", "read_layer"),
    "effects": ("Unsupervised",),
    "factorized": ("Factors", "closed_form", "principal_components"),
    "inversion.encoder": ("Encoder", "encoder_of", "learn_encoder"),
    "inversion.inverting": ("Inversion", "Search", "invert"),
    "inversion.noise": ("noise_of",),
    "inversion.tuning": ("tuned",),
    "ensemble": ("Ensemble",),
    "kept": ("Member", "ensemble_of", "predictor_of"),
    "learning": ("learn_directions",),
    "lesson": ("Lesson", "lesson_of"),
    "measures": ("Nearness", "nearness"),
    "predictor": ("Predictor", "Reader", "learn_predictor"),
    "response": ("Response", "fit_response"),
    "sliders": ("Sliders", "logit_range", "slider_goal"),
    "space": ("Space",),
    "steering": ("Steering", "Steps", "steered"),
    "walks.animation": ("animate",),
    "walks.disentangled": ("Disentangled", "disentangled"),
    "walks.paths": ("endless", "spherical", "through"),
    "walks.traversals": ("Traversal", "traversed"),
    "walks.walking": ("around", "between"),
    "whitening": ("Whitening", "whitening_of"),
}

__all__ = [
    "Axes",
    "Constraints",
    "Coordinates",
    "Directions",
    "Disentangled",
    "Dragged",
    "Edit",
    "Editing",
    "Encoder",
    "Ensemble",
    "Factors",
    "Inversion",
    "Layer",
    "Lesson",
    "Member",
    "Nearness",
    "Predictor",
    "Pull",
    "Reader",
    "Response",
    "Search",
    "Sliders",
    "Space",
    "Steering",
    "Steps",
    "Traversal",
    "Unsupervised",
    "Weights",
    "Whitening",
    "animate",
    "around",
    "between",
    "carried",
    "closed_form",
    "disentangled",
    "drag",
    "edit",
    "encoder_of",
    "endless",
    "ensemble_of",
    "fit_response",
    "invert",
    "learn_directions",
    "learn_encoder",
    "learn_predictor",
    "lesson_of",
    "linear_axes",
    "logistic_axes",
    "logit_range",
    "nearness",
    "noise_of",
    "orthogonalised",
    "predictor_of",
    "principal_components",
    "read_layer",
    "slider_goal",
    "spherical",
    "steered",
    "through",
    "traversed",
    "tuned",
    "whitening_of",
    "with_difference",
]

__getattr__ = doors(__name__, {name: module for module, names in _PLACES.items() for name in names})
