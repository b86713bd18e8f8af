"""Prints tests/encoder/photo.json: what PyTorch makes of the page's photograph with the page's network, and what NumPy makes of that:
vectors, maps of patches, shares of attention. Computed in float64; tolerances follow goldens/data/README.md: ten times what float32
differs by, 2e-6 of the largest value, or three times the worst relative difference of any layer, whichever is
most, rounded up to one digit.

Run by hand (pip install numpy==2.4.6 pillow==13.0.0 torch==2.15.0 transformers==5.24.0, then in tests/encoder
python3 photo.py ../../.cache/photo > photo.json); not part of the tests."""
import json
import math
import sys

import numpy as np
import torch
from patches import colours, rollout, similarity, text
from PIL import Image
from transformers import BitImageProcessorPil, Dinov2Model, __version__

SIDE = 28
# Patches of the photograph by eye, [row, column] from the top left.
PLACES = {"left eye": [11, 6], "right eye": [13, 20], "nose": [22, 15], "ear": [3, 25], "forehead": [6, 12], "room": [14, 27]}
# What the eyes fill: rows from, to, columns from, to, as slices.
EYES = {"left eye": [8, 13, 4, 10], "right eye": [11, 15, 18, 22]}
# Where maps are taken: a state by its index, or the last one after its norm.
STATES = [8, None]
# The row of pixels that is compared, and the layer whose heads are.
ROW, LAYER = 196, 7

folder = sys.argv[1]
processor = BitImageProcessorPil.from_pretrained(folder)
pixels = processor(Image.open(f"{folder}/photo.jpg"), return_tensors="pt")["pixel_values"]


def compute(dtype):
    model = Dinov2Model.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval().to(dtype)
    with torch.no_grad():
        outputs = model(pixels.to(dtype), output_hidden_states=True, output_attentions=True)
    last = outputs.last_hidden_state.numpy()
    states = [(last if state is None else outputs.hidden_states[state].numpy())[:, 1:] for state in STATES]
    places = [row * SIDE + column for row, column in PLACES.values()]
    attentions = [maps.numpy() for maps in outputs.attentions]
    looks = attentions[LAYER][0, :, 0, 1:].reshape(-1, SIDE, SIDE)
    return {
        "layers": [state.numpy() for state in outputs.hidden_states],
        "vectors": last[0, [0, *(1 + place for place in places)]],
        "similarity": np.stack([[similarity(state, place)[0] for place in places] for state in states]),
        "rollout": rollout(attentions, np.mean, 1, True),
        "colours": colours(states[-1]),
        "shares": np.stack([looks[:, a:b, c:d].sum((1, 2)) for a, b, c, d in EYES.values()], 1),
    }


def tolerance(name):
    size, apart = np.abs(exact[name]).max(), np.abs(single[name] - exact[name]).max()
    most = max(10 * apart, 2e-6 * size, 3 * worst * size)
    digit = 10.0 ** math.floor(math.log10(most))
    return float(f"{math.ceil(most / digit) * digit:.0e}")


exact, single = compute(torch.float64), compute(torch.float32)
worst = max(np.abs(a - b).max() / np.abs(b).max() for a, b in zip(single.pop("layers"), exact.pop("layers")))
print(json.dumps({
    "torch": torch.__version__.split("+")[0], "transformers": __version__,
    "side": SIDE, "places": PLACES, "eyes": EYES, "states": STATES, "layer": LAYER,
    "pixels": {"row": ROW, **text(pixels.numpy()[0, :, ROW])},
    "outputs": {name: {"tolerance": tolerance(name), **text(exact[name])} for name in exact},
}, indent=1))
