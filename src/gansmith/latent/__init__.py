"""Steering: what a generator's latent space knows of attributes, and how one of them is moved while others stay."""

from typing import TYPE_CHECKING

from gansmith.lazy import doors

if TYPE_CHECKING:
    from gansmith.latent.arithmetic import with_difference
    from gansmith.latent.axes import Axes, linear_axes, logistic_axes, orthogonalised
    from gansmith.latent.directions import Directions
    from gansmith.latent.effects import Unsupervised
    from gansmith.latent.factorized import Factors, closed_form, principal_components
    from gansmith.latent.kept import predictor_of
    from gansmith.latent.learning import learn_directions
    from gansmith.latent.lesson import Lesson, lesson_of
    from gansmith.latent.predictor import Predictor, learn_predictor
    from gansmith.latent.response import Response, fit_response
    from gansmith.latent.sliders import Sliders, logit_range, slider_goal
    from gansmith.latent.space import Space
    from gansmith.latent.steering import Steps, steered
    from gansmith.latent.whitening import Whitening, whitening_of

_PLACES = {
    "arithmetic": ("with_difference",),
    "axes": ("Axes", "linear_axes", "logistic_axes", "orthogonalised"),
    "directions": ("Directions",),
    "effects": ("Unsupervised",),
    "factorized": ("Factors", "closed_form", "principal_components"),
    "kept": ("predictor_of",),
    "learning": ("learn_directions",),
    "lesson": ("Lesson", "lesson_of"),
    "predictor": ("Predictor", "learn_predictor"),
    "response": ("Response", "fit_response"),
    "sliders": ("Sliders", "logit_range", "slider_goal"),
    "space": ("Space",),
    "steering": ("Steps", "steered"),
    "whitening": ("Whitening", "whitening_of"),
}

__all__ = [
    "Axes",
    "Directions",
    "Factors",
    "Lesson",
    "Predictor",
    "Response",
    "Sliders",
    "Space",
    "Steps",
    "Unsupervised",
    "Whitening",
    "closed_form",
    "fit_response",
    "learn_directions",
    "learn_predictor",
    "lesson_of",
    "linear_axes",
    "logistic_axes",
    "logit_range",
    "orthogonalised",
    "predictor_of",
    "principal_components",
    "slider_goal",
    "steered",
    "whitening_of",
    "with_difference",
]

__getattr__ = doors(__name__, {name: module for module, names in _PLACES.items() for name in names})
