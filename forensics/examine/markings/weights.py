"""The packaged networks: one ONNX file each, run by onnxruntime on one core."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Network", "WeightsError", "packaged"]


class WeightsError(RuntimeError):
    """The packaged weights are missing or belong to another version of the program."""


@dataclass(frozen=True, eq=False)
class Network:
    """A network with its weights; ``run`` takes and gives float32 arrays."""

    name: str
    weights: bytes

    @cached_property
    def _session(self) -> Any:
        import onnxruntime  # noqa: PLC0415 - a tenth of a second; only who reads pictures pays it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Freed after each tile: a photograph of many megapixels must not keep what its largest layer took.
        options.enable_cpu_mem_arena = False
        return onnxruntime.InferenceSession(self.weights, options, providers=["CPUExecutionProvider"])

    @cached_property
    def told(self) -> dict[str, str]:
        """What the file says of itself: its version, its alphabet, how long it was trained."""
        return dict(self._session.get_modelmeta().custom_metadata_map)

    @property
    def version(self) -> str:
        """Version of the weights, as the data sheet names it."""
        return self.told.get("version", "")

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self.weights).hexdigest()

    def run(self, batch: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The only output for the only input."""
        name = self._session.get_inputs()[0].name
        return np.asarray(self._session.run(None, {name: batch})[0], dtype=np.float32)


@cache
def packaged(name: str) -> Network:
    """A network of this package, loaded once in a process. Raises ``WeightsError`` if its file is not there."""
    path = files("forensics.examine.markings").joinpath(f"{name}.onnx")
    if not path.is_file():
        raise WeightsError(f"loading the network {name}: {path} is missing; reinstall the package")
    return Network(name, path.read_bytes())
