"""The two small networks of this room: files beside this module, checked by digest, run on one core."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Network"]


@dataclass(frozen=True)
class Network:
    """A file of weights with the digest of the released one; what differs is refused, not run."""

    file: str
    sha256: str

    def answer(self, **given: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
        """Outputs in the order of the file."""
        return [np.asarray(one) for one in _session(self).run(None, given)]


@functools.cache
def _session(network: Network) -> Any:
    import onnxruntime  # noqa: PLC0415  (takes a quarter of a second, and only photographs need it)

    content = files("forensics.examine.rings").joinpath(network.file).read_bytes()
    if hashlib.sha256(content).hexdigest() != network.sha256:
        raise ValueError(f"{network.file} is not the file that this version was released with")
    options = onnxruntime.SessionOptions()
    # One thread: photographs are read side by side, and the same order of additions gives the same bytes.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
