"""The forwards of BERT, RoBERTa and ViT, and what Swin shares with them, as ONNX graphs of plain operators, as
torch.onnx writes them: the peer's side of the benchmark. Not a converter for other models: a weight or option
that is not expected here is an error."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

OPSET = 17  # the first with LayerNormalization
MASKED = np.float32(-3.4028235e38)


class Graph:
    """Appends nodes and initializers; every method returns the name of its value."""

    def __init__(self, weights, prefix):
        self.nodes, self.initializers, self.inputs = [], [], []
        self.weights, self.prefix, self.count = weights, prefix, 0

    def weight(self, name):
        for key in (self.prefix + name, name):
            if key in self.weights:
                return np.asarray(self.weights[key], np.float32)
        raise KeyError(f"the checkpoint has no tensor {name} (nor {self.prefix}{name})")

    def input(self, name, dtype, shape):
        self.inputs.append(helper.make_tensor_value_info(name, dtype, shape))
        return name

    def constant(self, array):
        self.count += 1
        name = f"c{self.count}"
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def ints(self, *values):
        return self.constant(np.array(values, np.int64))

    def op(self, kind, *inputs, **attributes):
        self.count += 1
        name = f"{kind}_{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def reshape(self, x, *shape):
        return self.op("Reshape", x, self.ints(*shape))

    def slice(self, x, axis, start, end, step=1):
        return self.op("Slice", x, self.ints(start), self.ints(end), self.ints(axis), self.ints(step))

    def linear(self, x, name, bias=True):
        x = self.op("MatMul", x, self.constant(self.weight(f"{name}.weight").T))
        return self.op("Add", x, self.constant(self.weight(f"{name}.bias"))) if bias else x

    def norm(self, x, name, eps):
        scale, bias = (self.constant(self.weight(f"{name}.{part}")) for part in ("weight", "bias"))
        return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=eps)

    def gelu(self, x):
        """x / 2 (1 + erf(x / sqrt 2)), in the order of operations that onnxruntime fuses."""
        erf = self.op("Erf", self.op("Div", x, self.constant(np.float32(np.sqrt(2)))))
        product = self.op("Mul", x, self.op("Add", erf, self.constant(np.float32(1))))
        return self.op("Mul", product, self.constant(np.float32(0.5)))

    def feed_forward(self, x, name):
        return self.linear(self.gelu(self.linear(x, f"{name}.intermediate.dense")), f"{name}.output.dense")

    def attention(self, x, name, parts, tokens, width, heads, add_scores):
        """softmax(q k^T / sqrt d + ...) v of x [B, tokens, width]; tokens may be 0, "as in x"."""
        size = width // heads

        rows = (-1, tokens) if tokens else (0, -1)

        def split(part, order):
            y = self.reshape(self.linear(x, f"{name}.attention.{parts}.{part}"), *rows, heads, size)
            return self.op("Transpose", y, perm=order)

        scale = self.constant(np.float32(size**-0.5))
        query = self.op("Mul", split("query", [0, 2, 1, 3]), scale)
        scores = self.op("MatMul", query, split("key", [0, 2, 3, 1]))
        weights = self.op("Softmax", add_scores(scores), axis=-1)
        y = self.op("MatMul", weights, split("value", [0, 2, 1, 3]))
        y = self.reshape(self.op("Transpose", y, perm=[0, 2, 1, 3]), *rows, width)
        return self.linear(y, f"{name}.attention.output.dense")

    def model(self, output, name, shape):
        self.nodes.append(helper.make_node("Identity", [output], [name]))
        result = helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        graph = helper.make_graph(self.nodes, "encoder", self.inputs, [result], self.initializers)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)


def expect(config, **values):
    for key, value in values.items():
        if config.get(key, value) != value:
            raise ValueError(f"config.json: {key} is {config[key]!r}, the graph knows only {value!r}")


def bert(config, weights, token_types=False):
    """input_ids, attention_mask [, token_type_ids] int64 [B, T] -> last_hidden_state [B, T, H]."""
    expect(config, hidden_act="gelu", position_embedding_type="absolute")
    is_roberta = config["model_type"] != "bert"
    g = Graph(weights, "roberta." if is_roberta else "bert.")
    width, eps = config["hidden_size"], config["layer_norm_eps"]
    ids, mask = (g.input(name, TensorProto.INT64, ["B", "T"]) for name in ("input_ids", "attention_mask"))
    x = g.op("Gather", g.constant(g.weight("embeddings.word_embeddings.weight")), ids)
    types = g.weight("embeddings.token_type_embeddings.weight")
    if token_types:
        row = g.op("Gather", g.constant(types), g.input("token_type_ids", TensorProto.INT64, ["B", "T"]))
    else:
        row = g.constant(types[0])
    x = g.op("Add", x, row)
    positions = g.constant(g.weight("embeddings.position_embeddings.weight"))
    if is_roberta:
        # Tokens that are no padding are counted, from behind the padding's own place.
        pad = g.ints(config["pad_token_id"])
        counted = g.op("Cast", g.op("Not", g.op("Equal", ids, pad)), to=TensorProto.INT64)
        places = g.op("Add", g.op("Mul", g.op("CumSum", counted, g.constant(np.int64(1))), counted), pad)
        x = g.op("Add", x, g.op("Gather", positions, places))
    else:
        length = g.slice(g.op("Shape", ids), 0, 1, 2)
        x = g.op("Add", x, g.op("Slice", positions, g.ints(0), length, g.ints(0)))
    x = g.norm(x, "embeddings.LayerNorm", eps)
    hidden = g.op("Sub", g.constant(np.float32(1)), g.op("Cast", mask, to=TensorProto.FLOAT))
    hidden = g.op("Unsqueeze", g.op("Mul", hidden, g.constant(MASKED)), g.ints(1, 2))
    heads = config["num_attention_heads"]
    for i in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{i}"
        y = g.attention(x, name, "self", 0, width, heads, lambda scores: g.op("Add", scores, hidden))
        x = g.norm(g.op("Add", y, x), f"{name}.attention.output.LayerNorm", eps)
        x = g.norm(g.op("Add", g.feed_forward(x, name), x), f"{name}.output.LayerNorm", eps)
    return g.model(x, "last_hidden_state", ["B", "T", width])


def patch_rows(g, config, width):
    """pixel_values [B, 3, S, S] -> [B, patches, width]."""
    side = config["image_size"]
    pixels = g.input("pixel_values", TensorProto.FLOAT, ["B", config["num_channels"], side, side])
    name = "embeddings.patch_embeddings.projection"
    kernel, bias = (g.constant(g.weight(f"{name}.{part}")) for part in ("weight", "bias"))
    x = g.op("Conv", pixels, kernel, bias, strides=[config["patch_size"]] * 2)
    return pixels, g.op("Transpose", g.reshape(x, 0, width, -1), perm=[0, 2, 1])


def pre_norm_block(g, x, name, attention, eps):
    x = g.op("Add", attention(g.norm(x, f"{name}.layernorm_before", eps), name), x)
    return g.op("Add", g.feed_forward(g.norm(x, f"{name}.layernorm_after", eps), name), x)


def finish(g, x, pool, tokens, width):
    """logits by the classifier where the checkpoint has one, else last_hidden_state."""
    if "classifier.weight" not in g.weights:
        return g.model(x, "last_hidden_state", ["B", tokens, width])
    return g.model(g.linear(pool(x), "classifier"), "logits", ["B", g.weights["classifier.weight"].shape[0]])


def vit(config, weights):
    expect(config, hidden_act="gelu")
    g, width, eps = Graph(weights, "vit."), config["hidden_size"], config["layer_norm_eps"]
    pixels, x = patch_rows(g, config, width)
    positions = g.weight("embeddings.position_embeddings")
    tokens = positions.shape[1]
    batch = g.slice(g.op("Shape", pixels), 0, 0, 1)
    first = g.constant(g.weight("embeddings.cls_token"))
    first = g.op("Expand", first, g.op("Concat", batch, g.ints(1, width), axis=0))
    x = g.op("Add", g.op("Concat", first, x, axis=1), g.constant(positions))

    heads = config["num_attention_heads"]

    def attention(y, name):
        return g.attention(y, name, "attention", tokens, width, heads, lambda scores: scores)

    for i in range(config["num_hidden_layers"]):
        x = pre_norm_block(g, x, f"encoder.layer.{i}", attention, eps)
    x = g.norm(x, "layernorm", eps)
    return finish(g, x, lambda y: g.reshape(g.slice(y, 1, 0, 1), -1, width), tokens, width)
