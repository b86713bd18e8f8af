"""Lists the keys that the reference's config classes know, for ledger.test.js: config_keys.json.

Adds what the installed transformers knows to what is listed, so run it once with each version that wrote files (4 and 5).
It needs transformers alone, no torch: the classes of sentence-transformers are read as text.

    pip install transformers
    pip download --no-deps sentence-transformers && unzip sentence_transformers-*.whl
    python tests/architectures/config_keys.py sentence_transformers
"""

import ast
import dataclasses
import inspect
import json
import re
import sys
from pathlib import Path

import transformers
from transformers import PretrainedConfig

OUT = Path(__file__).with_name("config_keys.json")
# Those that the installed version has.
NAMES = ["Albert", "Bert", "Camembert", "Data2VecText", "Deberta", "DebertaV2", "DeiT", "DistilBert", "Electra", "Esm"]
NAMES += ["EuroBert", "Gemma3Text", "MPNet", "MT5", "ModernBert", "NomicBert", "Roberta", "Swin", "T5", "UMT5", "ViT"]
NAMES += ["XLMRoberta", "Ernie", "Gte", "JinaEmbeddingsV3", "RobertaPreLayerNorm", "RoFormer"]
NAMES += ["Beit", "Data2VecVision", "Dinov2", "Dinov2WithRegisters", "DINOv3ViT", "IJepa", "Swinv2", "ViTMAE", "ViTMSN"]
NAMES += ["Data2VecAudio", "Hubert", "Wav2Vec2", "WavLM", "Whisper"]
NAMES += ["AST"]
NAMES += ["CLIP", "CLIPText", "CLIPVision", "Siglip", "SiglipText", "SiglipVision"]
CLASSES = [getattr(transformers, f"{name}Config") for name in NAMES if hasattr(transformers, f"{name}Config")]
MODULES = ["Dense", "Dropout", "LayerNorm", "Normalize", "Pooling", "Transformer"]


def keys_of(cls):
    """What the constructor takes, the instance keeps, and other names of it."""
    found = set(cls().to_dict()) | set(vars(cls())) | set(cls.attribute_map)
    found |= set(inspect.signature(cls.__init__).parameters) - {"self", "args", "kwargs"}
    if dataclasses.is_dataclass(cls):
        found |= {field.name for field in dataclasses.fields(cls)}
    return found | set(popped())


def popped():
    """What the base class takes out of its keyword arguments."""
    source = Path(sys.modules[PretrainedConfig.__module__].__file__).read_text("utf8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name in ("__init__", "__post_init__"):
            yield from re.findall(r'kwargs\.(?:pop|get)\(\s*"(\w+)"', ast.get_source_segment(source, node))


def strings(node):
    return [each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def keys_of_module(tree, node):
    """config_keys and their older names, and the arguments of the constructor."""
    found = set()
    for item in node.body:
        target = getattr(item, "target", None) or (getattr(item, "targets", None) or [None])[0]
        if getattr(target, "id", None) in ("config_keys", "config_key_renames"):
            found |= set(strings(item.value))
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            arguments = item.args.args + item.args.kwonlyargs
            found |= {argument.arg for argument in arguments} - {"self"}
    if node.name == "Pooling":
        legacy = [each for each in tree.body if getattr(getattr(each, "target", None), "id", "").startswith("_LEGACY")]
        found |= {key.value for each in legacy for key in each.value.keys}
    if node.name == "Transformer":
        found |= {text for text in strings(node) if re.fullmatch(r"(model|config|tokenizer)_(args|kwargs)", text)}
    return found


def sentence_keys(folder):
    found = {}
    for path in sorted(folder.glob("base/modules/*.py")) + sorted(folder.glob("sentence_transformer/modules/*.py")):
        tree = ast.parse(path.read_text("utf8"))
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name in MODULES:
                found.setdefault(node.name, set()).update(keys_of_module(tree, node))
    model = set()
    for path in (folder / "base/model.py", folder / "sentence_transformer/model.py"):
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            if isinstance(node, ast.FunctionDef) and node.name in ("_get_model_config", "_parse_model_config"):
                model |= {text for text in strings(node) if re.fullmatch(r"\w+", text)}
    found["SentenceTransformer"] = model - {"sentence_transformers", "transformers", "pytorch"}
    return found


known = json.loads(OUT.read_text()) if OUT.exists() else {"made_with": [], "configs": {}, "modules": {}}
known["made_with"] = sorted({*known["made_with"], f"transformers {transformers.__version__}"})
for cls in CLASSES:
    known["configs"][cls.model_type] = sorted({*known["configs"].get(cls.model_type, []), *keys_of(cls)})
if len(sys.argv) > 1:
    for name, keys in sentence_keys(Path(sys.argv[1])).items():
        known["modules"][name] = sorted({*known["modules"].get(name, []), *keys})
OUT.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")
