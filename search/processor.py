"""What this machine's processor computes fast. Pure."""

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def has_bfloat16() -> bool:
    """Whether bfloat16 is faster here than float32 (AVX-512 BF16): everywhere else it is emulated."""
    try:
        return "avx512_bf16" in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
