"""Semantic similarity: an exact FAISS index over unit vectors, with ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class DenseIndex:
    """Unit vectors by id. Inner product of unit vectors is their cosine.

    Not to be searched while it changes: :meth:`copy` it, change the copy, and swap.
    """

    def __init__(self, dimension: int, index: Any = None, known: Iterable[int] = ()) -> None:
        """Start empty, or with a FAISS index and the ids in it.

        One OpenMP thread, because several make single queries slower.
        """
        import faiss

        faiss.omp_set_num_threads(1)
        self._faiss = faiss
        self.dimension = dimension
        self._index: Any = index or faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._known = set(known)

    def __len__(self) -> int:
        """The number of vectors."""
        return len(self._known)

    def copy(self) -> DenseIndex:
        """An index of the same vectors that changes by itself."""
        return DenseIndex(self.dimension, self._faiss.clone_index(self._index), self._known)

    def put(self, keys: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Add vectors (len(keys), dimension) or replace those of known ids."""
        self.remove(keys)
        self._index.add_with_ids(
            np.ascontiguousarray(vectors, dtype=np.float32), np.asarray(keys, dtype=np.int64)
        )
        self._known.update(keys)

    def remove(self, keys: Sequence[int]) -> None:
        """Take vectors out; unknown ids are ignored."""
        present = [key for key in keys if key in self._known]
        if present:
            self._index.remove_ids(np.asarray(present, dtype=np.int64))
            self._known.difference_update(present)

    def search(
        self, vector: NDArray[np.float32], top: int, allowed: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The ids and cosines of the ``top`` nearest vectors, best first.

        ``allowed`` limits the search to these ids; an exact index loses nothing by it.
        """
        if not self._known or top < 1:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        options = {}
        if allowed is not None:
            selector = self._faiss.IDSelectorBatch(np.ascontiguousarray(allowed, dtype=np.int64))
            options["params"] = self._faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]  # made by SWIG
        cosines, keys = self._index.search(
            np.ascontiguousarray(vector[None, :], dtype=np.float32),
            min(top, len(self._known)),
            **options,
        )
        found = keys[0] >= 0
        return keys[0][found], cosines[0][found]

    def all_cosines(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosines (len(self),) of a vector with every vector, in ascending order of ids."""
        keys, cosines = self.search(vector, len(self))
        return cosines[np.argsort(keys)]

    def vectors(self, keys: Sequence[int]) -> NDArray[np.float32]:
        """The vectors (len(keys), dimension) of known ids, as they were put."""
        if not len(keys):
            return np.zeros((0, self.dimension), dtype=np.float32)
        rows = self._index.reconstruct_batch(np.asarray(keys, dtype=np.int64))
        return np.asarray(rows, dtype=np.float32)
