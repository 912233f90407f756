"""Write trained weights as the packaged ONNX, half precision on disk, and check it against the training framework.

python tests/renders/markings/export_reader.py OUT/reader.pt VERSION forensics/examine/markings/reader.onnx
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from reader_net import ReaderNet, alphabet


def halved(model):
    """Weights stored as float16 and widened when the model is loaded: half the size, single precision in use."""
    keep, nodes = [], []
    for one in model.graph.initializer:
        values = numpy_helper.to_array(one)
        if values.dtype == np.float32 and values.size >= 256:
            keep.append(numpy_helper.from_array(values.astype(np.float16), one.name + "_half"))
            nodes.append(helper.make_node("Cast", [one.name + "_half"], [one.name], to=TensorProto.FLOAT))
        else:
            keep.append(one)
    del model.graph.initializer[:]
    model.graph.initializer.extend(keep)
    old = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend([*nodes, *old])
    return model


def exported(net, example, target, names, told, dynamic):
    """The network in ONNX at ``target``; the largest difference to the original on ``example`` is returned."""
    net.eval()
    torch.onnx.export(
        net,
        (example,),
        str(target),
        input_names=names[0],
        output_names=names[1],
        dynamic_axes=dynamic,
        opset_version=17,
        dynamo=False,
    )
    model = halved(onnx.load(str(target)))
    for key, value in told.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.checker.check_model(model)
    onnx.save(model, str(target))
    got = onnxruntime.InferenceSession(str(target)).run(None, {names[0][0]: example.numpy()})
    with torch.no_grad():
        wanted = net(example)
    wanted = wanted if isinstance(wanted, tuple) else (wanted,)
    return max(float(np.abs(a - b.numpy()).max()) for a, b in zip(got, wanted, strict=True))


def main():
    state = torch.load(sys.argv[1], weights_only=True)
    net = ReaderNet()
    net.load_state_dict(state["smooth"])
    told = {
        "version": sys.argv[2],
        "symbols": alphabet.SYMBOLS[1:],
        "samples": str(int(state["samples"])),
        "minutes": f"{state['spent']:.0f}",
    }
    target = Path(sys.argv[3])
    apart = exported(
        net,
        torch.randn(2, 1, 32, 160),
        target,
        (["crops"], ["scores"]),
        told,
        {"crops": {0: "batch", 3: "width"}, "scores": {0: "batch", 1: "columns"}},
    )
    print(f"{target}: {target.stat().st_size / 1e6:.2f} MB, largest difference {apart:.4f}")


if __name__ == "__main__":
    main()
