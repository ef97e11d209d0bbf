"""Files of arrays are replaced whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matchmaker.matching.arrays import write_arrays


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "kept.npz"
    write_arrays(path, numbers=np.arange(3))
    write_arrays(path, numbers=np.arange(5))
    with np.load(path, allow_pickle=False) as kept:
        assert kept["numbers"].tolist() == [0, 1, 2, 3, 4]
    assert [one.name for one in path.parent.iterdir()] == ["kept.npz"]


def test_what_fails_halfway_leaves_what_was_there(tmp_path: Path) -> None:
    class Broken:
        def __array__(self, *_: object, **__: object) -> np.ndarray:
            msg = "no space left"
            raise OSError(msg)

    path = tmp_path / "kept.npz"
    write_arrays(path, numbers=np.arange(3))
    with pytest.raises(OSError, match="no space left"):
        write_arrays(path, first=np.arange(9), second=Broken())
    with np.load(path, allow_pickle=False) as kept:
        assert kept["numbers"].tolist() == [0, 1, 2]
    assert [one.name for one in tmp_path.iterdir()] == ["kept.npz"]
