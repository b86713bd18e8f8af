"""Prepares the peer's files: an ONNX graph from a Hugging Face folder, or a random checkpoint of known shape.

  make_onnx.py graph FOLDER OUT.onnx [--token-types] [--shape B T] [--image H W] [--tower text|vision]   from FOLDER/config.json and model.safetensors
  make_onnx.py random NAME FOLDER                                    NAME: a shape of checkpoints.py; seeded
"""

import argparse
import json
import os
from pathlib import Path

import onnx
from safetensors.numpy import load_file

from checkpoints import write_random
from onnx_graphs import bert, vit
from onnx_swin import swin
from onnx_text import deberta_v2, modernbert
from onnx_towers import clip_text, clip_vision, dinov2, whisper

BUILDERS = {"bert": bert, "roberta": bert, "xlm-roberta": bert, "vit": vit, "swin": swin, "whisper": whisper}
# Graphs of texts of one length, and of pictures of one size.
FIXED = {"deberta-v2": deberta_v2, "modernbert": modernbert, "clip_text_model": clip_text}
SIZED = {"clip_vision_model": clip_vision, "dinov2": dinov2}


def write_graph(folder, out, token_types, shape, image, tower):
    config = json.loads((folder / "config.json").read_text())
    if tower:
        config = {**config[f"{tower}_config"], "model_type": f"{config['model_type']}_{tower}_model"}
    kind = config.get("model_type")
    builders = {**BUILDERS, **FIXED, **SIZED}
    if kind not in builders:
        raise ValueError(f"{folder}: model_type {kind!r}, expected one of {', '.join(builders)}")
    weights = load_file(folder / "model.safetensors")
    options = {"token_types": token_types} if BUILDERS.get(kind) is bert else {}
    if kind in FIXED:
        options = dict(zip(("batch", "length"), shape))
    if kind in SIZED:
        options = {"image": image}
    model = builders[kind](config, weights, **options)
    onnx.checker.check_model(model)
    out.parent.mkdir(parents=True, exist_ok=True)
    # The graph appears whole or not at all, so an interrupted run leaves nothing half-written behind.
    partial = out.with_suffix(".partial")
    onnx.save(model, partial)
    os.replace(partial, out)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.partition("\n\n")[2])
    commands = parser.add_subparsers(dest="command", required=True)
    graph = commands.add_parser("graph")
    graph.add_argument("folder", type=Path)
    graph.add_argument("out", type=Path)
    graph.add_argument("--token-types", action="store_true")
    graph.add_argument("--shape", type=int, nargs=2)
    graph.add_argument("--image", type=int, nargs=2)
    graph.add_argument("--tower", choices=("text", "vision"))
    random = commands.add_parser("random")
    random.add_argument("name")
    random.add_argument("folder", type=Path)
    options = parser.parse_args()
    if options.command == "graph":
        write_graph(options.folder, options.out, options.token_types, options.shape, options.image, options.tower)
    else:
        write_random(options.name, options.folder)


if __name__ == "__main__":
    main()
