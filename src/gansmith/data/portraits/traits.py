"""How a portrait looks: lengths, places and colours, from its attributes and further random numbers.

Lengths are in half sides of the picture. The head's own coordinates have their origin between the cheekbones; v points
down, to the chin.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from gansmith.data.portraits import palette
from gansmith.data.portraits.chance import Chance, Numbers, step
from gansmith.data.portraits.palette import Colour
from gansmith.data.portraits.people import People


class Traits:
    """Traits by name: numbers (N, 1, 1) and colours (N, 3, 1, 1), float32."""

    def __init__(self, values: dict[str, Tensor]) -> None:
        self.values = values

    def __getattr__(self, name: str) -> Tensor:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None

    def rows(self, rows: slice) -> Traits:
        """Return the traits of some portraits alone."""
        return Traits({name: value[rows] for name, value in self.values.items()})

    def __len__(self) -> int:
        return len(next(iter(self.values.values())))


def traits(people: People, chance: Chance) -> Traits:
    """Return what is drawn of these people."""
    found: dict[str, Numbers | Colour] = {}
    for part in (_head, _eyes, _nose_and_mouth, _age, _hair, _colours, _beard, _things, _scene):
        found |= part(people, chance)
    return Traits({name: _tensor(value) for name, value in found.items()})


def _tensor(value: Numbers | Colour) -> Tensor:
    if isinstance(value, tuple):
        return torch.from_numpy(np.stack(value, axis=1).astype(np.float32))[:, :, None, None]
    return torch.from_numpy(value.astype(np.float32))[:, None, None]


def _head(people: People, chance: Chance) -> dict[str, Numbers | Colour]:
    known = people.known
    male, old, chubby = known["Male"], 1.0 - known["Young"], known["Chubby"]
    lean = chance.bell(-0.025, 0.025) + 0.17 * (known["Tilt"] - 0.5)  # tangent of half the angle
    return {
        "x": chance.bell(-0.07, 0.07),
        "y": chance.bell(-0.06, 0.02) + 0.01,
        "cosine": (1.0 - lean * lean) / (1.0 + lean * lean),
        "sine": 2.0 * lean / (1.0 + lean * lean),
        "turn": 2.0 * known["Turn"] - 1.0,
        "wide": 0.375 + 0.105 * chubby + 0.015 * male + chance.bell(-0.012, 0.012),
        "high": 0.575 - 0.05 * old + chance.bell(-0.025, 0.025),
        "deep": 0.47 + 0.05 * male + 0.05 * old + 0.03 * known["Mouth_Slightly_Open"] + chance.bell(-0.02, 0.02),
        "jaw": -0.38 + 0.40 * male + 0.44 * chubby + chance.bell(-0.08, 0.08),
        "jowl": 0.55 * step(0.3, 1.0, old),
        "neck": 0.165 + 0.075 * male + 0.03 * chubby,
        "shoulders": 0.68 + 0.16 * male + 0.06 * chubby + chance.bell(-0.04, 0.04),
        "ear": 0.095 + 0.02 * old + chance.bell(-0.01, 0.01),
    }


def _eyes(people: People, chance: Chance) -> dict[str, Numbers | Colour]:
    known = people.known
    male, young, makeup = known["Male"], known["Young"], known["Heavy_Makeup"]
    size = 0.80 + 0.42 * young - 0.08 * male + chance.bell(-0.08, 0.08)
    return {
        "eye_apart": 0.180 + chance.bell(-0.014, 0.014),
        "eye_level": -0.035 + 0.075 * young + chance.bell(-0.015, 0.015),
        "eye_wide": 0.100 * (0.55 + 0.45 * size),
        "eye_upper": 0.062 * size * (1.0 - 0.12 * known["Smiling"]),
        "eye_lower": 0.040 * size * (1.08 - 0.95 * step(0.25, 1.1, known["Smiling"])),
        "eye_slant": chance.bell(-0.10, 0.16) - 0.14 * (1.0 - young) + 0.04,
        "iris": 0.049 * (0.75 + 0.25 * size),
        "gaze_x": chance.bell(-0.045, 0.045) + 0.02 * (2.0 * known["Turn"] - 1.0),
        "gaze_y": chance.bell(-0.018, 0.02) - 0.006,
        "lash": 0.012 + 0.006 * (1.0 - male) + 0.010 * makeup,
        "shadow": makeup,
        "brow_level": 0.098 + 0.05 * known["Smiling"] + 0.02 * (1.0 - male) + 0.01 * size + chance.bell(-0.015, 0.02),
        "brow_arch": 0.022 + 0.03 * (1.0 - male) + chance.bell(-0.012, 0.012),
        "brow_thick": 0.013 + 0.019 * male + chance.bell(-0.006, 0.006),
        "brow_slope": chance.bell(-0.15, 0.15) + 0.5 * (known["Smiling"] - 0.45),
    }


def _nose_and_mouth(people: People, chance: Chance) -> dict[str, Numbers | Colour]:
    known = people.known
    old, male, smile = 1.0 - known["Young"], known["Male"], known["Smiling"]
    gap = known["Mouth_Slightly_Open"]
    lips = 0.85 + 0.35 * known["Young"] - 0.15 * male + chance.bell(-0.12, 0.12) + 0.12 * known["Wearing_Lipstick"]
    return {
        "nose_level": 0.135 + 0.03 * old + chance.bell(-0.02, 0.02),
        "nose_wide": 0.062 + 0.014 * male + 0.016 * old + chance.bell(-0.010, 0.016),
        "mouth_level": 0.290 + 0.02 * male + 0.02 * old + chance.bell(-0.01, 0.01),
        "mouth_wide": 0.106 + 0.115 * smile + 0.008 * male + chance.bell(-0.006, 0.006),
        "smile": smile * 0.28 - 0.09,
        "gap": gap * (0.050 + 0.040 * smile + chance.bell(-0.006, 0.008)),
        "upper_lip": 0.028 * lips,
        "lower_lip": 0.040 * lips,
        "teeth": step(0.15, 0.65, smile),
        "dimple": step(0.35, 1.0, smile),
    }


def _age(people: People, chance: Chance) -> dict[str, Numbers | Colour]:
    old = 1.0 - people.known["Young"]
    return {
        "fold": step(0.15, 0.95, old) * 0.34 + 0.10 * people.known["Smiling"],
        "bag": step(0.2, 1.0, old) * 0.30,
        "furrow": step(0.35, 1.0, old) * 0.22,
        "hollow": step(0.3, 1.0, old) * (0.20 - 0.12 * people.known["Chubby"]),
        "spots": step(0.45, 1.0, old) * 0.13,
        "spots_at": chance.uniform(),
    }


def _hair(people: People, chance: Chance) -> dict[str, Numbers | Colour]:
    known = people.known
    length, wavy, bald = known["Hair_Length"], known["Wavy_Hair"], known["Bald"]
    long = step(0.42, 0.5, length)
    tight = wavy * chance.uniform()
    tucked = long * chance.chosen(0.3)
    front = np.where(length < 0.42, 0.0 + 0.35 * length, 0.40 + 0.98 * (length - 0.42))
    volume = chance.uniform(0.055, 0.10) + wavy * (0.03 + 0.06 * tight) + 0.06 * np.minimum(length, 0.42)
    parting = chance.uniform(-1.0, 1.0)
    middle = chance.chosen(0.3) * long
    return {
        "volume": np.where(bald > 0, 0.03, volume * (1.0 - 0.5 * known["Wearing_Hat"])),
        "side": np.where(bald > 0, 0.036, 0.028 + 0.25 * volume + 0.03 * long + wavy * 0.03 * (1.0 + tight)),
        "ends": np.where(bald > 0, 0.16, np.where(long > 0, 0.36 + 0.95 * (length - 0.42), 0.16 + 0.25 * length)),
        "front": np.where(bald > 0, 0.12, np.where(tucked > 0, 0.12, front)),
        "flare": chance.bell(0.85, 1.2) + 0.12 * wavy,
        "curl": wavy * (0.024 + 0.014 * tight),
        "curls": 4.2 + 2.8 * tight + chance.uniform(-0.5, 0.5),
        "curl_at": chance.uniform(),
        "line": np.where(bald > 0, -0.56, -0.36 - 0.10 * people.receding + 0.02 * chance.bell(-1.0, 1.0)),
        "receding": people.receding * (1.0 - bald),
        "bald": bald,
        "bangs": known["Bangs"],
        "jag": 0.006 + known["Bangs"] * chance.uniform(0.01, 0.022),
        "jags": chance.uniform(4.0, 7.0),
        "jag_at": chance.uniform(),
        "parting": np.where(middle > 0, 0.0, parting) * (1.0 - bald),
        "middle": middle * (1.0 - known["Bangs"]),
        "strands": chance.uniform(5.0, 9.0),
        "shaved": bald * chance.chosen(0.5),
    }


def _colours(people: People, chance: Chance) -> dict[str, Numbers | Colour]:
    known = people.known
    tone, old = known["Skin_Tone"], 1.0 - known["Young"]
    skin, warm = palette.along(palette.SKIN, tone), chance.bell(-0.04, 0.04)
    skin = (skin[0] * (1.0 + warm - 0.02 * old), skin[1] * (1.0 - 0.02 * old), skin[2] * (1.0 - warm + 0.05 * old))
    hair = palette.along(palette.HAIR, people.shade)
    hair = palette.mixed(hair, palette.along(palette.RED, people.shade), people.red)
    brows = palette.mixed(palette.times(hair, 0.62), (0.05, 0.05, 0.05), 0.35 * tone)
    gray = palette.along(palette.GRAY, chance.bell(0.0, 1.0) * 0.5 + 0.5 * old)
    lips = palette.mixed(palette.times(skin, 0.80), (0.70, 0.18, 0.20), 0.46)
    stick = (chance.uniform(0.62, 0.86), chance.uniform(0.05, 0.16), chance.uniform(0.12, 0.36))
    shadow = palette.wheel(chance, 0.44 + 0.28 * tone, 0.17 + 0.11 * tone)
    return {
        "skin": skin,
        "lines": palette.mixed(palette.times(skin, 0.50), (0.42, 0.12, 0.08), 0.2),
        "line_strength": 1.0 + 0.35 * tone,  # lines on dark skin take as much light away as on pale skin
        "rosy": palette.mixed(palette.times(skin, 0.92), (0.92, 0.30, 0.30), 0.48 + 0.24 * tone),
        "rosiness": 0.85 * known["Rosy_Cheeks"],
        "hair": palette.mixed(hair, gray, people.gray),
        "brows": palette.mixed(brows, palette.times(gray, 0.86), 0.8 * people.gray),
        "iris_colour": palette.along(palette.EYES, chance.uniform()),
        "lips": palette.mixed(lips, stick, 0.88 * known["Wearing_Lipstick"]),
        "eye_shadow": palette.mixed(shadow, palette.times(skin, 0.6), 0.25 - 0.2 * tone),
    }


def _beard(people: People, chance: Chance) -> dict[str, Numbers | Colour]:
    known = people.known
    grown = 1.0 - known["No_Beard"]
    return {
        "beard": grown * np.where(people.stubble > 0, 0.42, 0.95),
        "beard_long": grown * (1.0 - people.stubble) * chance.uniform(0.02, 0.11),
        "beard_soft": 1.7 + 2.6 * people.stubble,
        "goatee": people.goatee,
        "moustache": np.maximum(known["Mustache"] * 0.95, 0.42 * people.stubble),
        "cheek": chance.bell(-0.03, 0.03),
    }


def _things(people: People, chance: Chance) -> dict[str, Numbers | Colour]:
    known = people.known
    metal = chance.chosen(0.5)
    kind, cloth = chance.uniform(), palette.along(palette.CLOTH, chance.uniform())
    return {
        "glasses": known["Eyeglasses"],
        "lens_wide": chance.uniform(0.125, 0.145),
        "lens_high": chance.uniform(0.095, 0.13),
        "lens_round": chance.uniform(0.25, 1.0),
        "rim": chance.uniform(0.016, 0.024),
        "frame": palette.wheel(chance, 0.16, 0.09),
        "tint": chance.uniform(0.10, 0.28),
        "hat": known["Wearing_Hat"],
        "cap": known["Wearing_Hat"] * (kind < 0.35),
        "sun": known["Wearing_Hat"] * (kind > 0.7),
        "hat_colour": cloth,
        "brim_colour": palette.mixed(
            cloth, palette.along(palette.CLOTH, chance.uniform()), np.where(kind < 0.35, 0.85, 0.0)
        ),
        "hat_high": chance.uniform(0.0, 0.05),
        "earrings": known["Wearing_Earrings"],
        "hoop": chance.chosen(0.5),
        "metal": palette.mixed((0.93, 0.78, 0.36), (0.90, 0.91, 0.95), metal),
    }


def _scene(people: People, chance: Chance) -> dict[str, Numbers | Colour]:
    collar = chance.uniform()
    dusk = np.maximum(0.0, chance.uniform(-1.3, 1.0))
    return {
        "light": 2.0 * people.known["Light"] - 1.0,
        "backdrop": palette.times(palette.along(palette.WALL, chance.uniform()), 0.95 - 0.38 * dusk),
        "fall": chance.uniform(0.05, 0.16),
        "cloth": palette.along(palette.CLOTH, chance.uniform()),
        "trim": palette.along(palette.CLOTH, chance.uniform()),
        "vee": (collar > 0.7).astype(np.float64),
        "roll": (collar < 0.15).astype(np.float64),
        "trimmed": chance.chosen(0.5),
        "jacket": chance.chosen(0.3) * (collar >= 0.15),
        "stripes": chance.chosen(0.25) * 0.8,
        "stripe_count": chance.uniform(3.0, 5.0),
    }
