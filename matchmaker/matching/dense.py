"""Semantic similarity: FAISS over unit vectors, exact while that is quick, then by short codes.

An index only finds candidates; what is compared in the end are the vectors themselves. Up to
``EXACT`` vectors they are scanned as they are. Beyond, four-bit product quantisation is scanned in
registers (André et al. 2017, arXiv:1704.07355; FAISS ``PQ…x4fs``) and several times as many
candidates as wanted are compared exactly. Unlike inverted lists or graphs such a scan passes over
every record, so that nothing is lost behind a filter: it is read on until enough is allowed.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

EXACT: Final = 20_000
# Vectors are kept in half precision: cosines move by less than 0.001.
Vectors = NDArray[np.float16]
Rows = NDArray[np.int64]

_OVERSAMPLED: Final = 4
# Behind a filter the nearest lie further away, where codes tell less well apart.
_OVERSAMPLED_BEHIND_FILTERS: Final = 8
_CODED_TOGETHER: Final = 4  # dimensions of a sub-vector, each coded in four bits
# So many allowed vectors are compared one by one rather than looked for.
_COMPARED: Final = 2_048
_TRAINED_ON: Final = 50_000
# Codes are learnt anew when there are so many times as many vectors as they were learnt from.
_OUTGROWN: Final = 4


def cosines(vectors: Vectors, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Inner products (n,) of rows (n, d) with a vector (d,), each row's summed by itself.

    Not by a matrix product: there, a row's last digits depend on how many rows there are.
    """
    found: NDArray[np.float32] = np.einsum("ij,j->i", vectors.astype(np.float32), vector)
    return found


def one_thread() -> None:
    """Let FAISS use one OpenMP thread when this thread asks: several make one query slower."""
    import faiss

    faiss.omp_set_num_threads(1)


class DenseIndex:
    """An unchanging index over rows of unit vectors."""

    def __init__(self, vectors: Vectors, codes: Any = None, learnt_from: int = 0) -> None:
        """Index vectors (n, d); ``codes`` is a FAISS index of just these, if there is one."""
        import faiss

        one_thread()
        self._faiss = faiss
        self._vectors = vectors
        self._learnt_from = learnt_from
        self._index = codes if codes is not None else self._made()

    def plus(self, more: Vectors) -> DenseIndex:
        """An index of these vectors and more, with the codes learnt before where they still do."""
        vectors = np.concatenate([self._vectors, more])
        if not 0 < len(vectors) <= _OUTGROWN * self._learnt_from:
            return DenseIndex(vectors)
        codes = self._faiss.clone_index(self._index)
        codes.add(more.astype(np.float32))
        return DenseIndex(vectors, codes, self._learnt_from)

    @property
    def vectors(self) -> Vectors:
        """The vectors (n, d), one a row."""
        return self._vectors

    def nearest(
        self, vector: NDArray[np.float32], top: int, allowed: NDArray[np.bool_] | None = None
    ) -> Rows:
        """About the ``top`` nearest rows, best first, of those where ``allowed`` (n,) is true."""
        count = len(self._vectors)
        permitted = count if allowed is None else int(np.count_nonzero(allowed))
        if top < 1 or not permitted:
            return np.zeros(0, dtype=np.int64)
        if allowed is not None and permitted <= max(top, _COMPARED):
            return self._best(np.flatnonzero(allowed), vector, top)
        oversampled = _OVERSAMPLED if allowed is None else _OVERSAMPLED_BEHIND_FILTERS
        asked = top if self._exact else oversampled * top
        wanted = min(asked, permitted)
        # As many more as the filter is likely to pass over; doubled while that was too few.
        depth = min(count, int(1.2 * asked * count / permitted) + 1)
        while True:
            found = self._index.search(vector[None, :].astype(np.float32), depth)[1][0]
            found = found[found >= 0]
            if allowed is not None:
                found = found[allowed[found]]
            if len(found) >= wanted or depth >= count:
                return self._best(found[:asked], vector, top)
            depth = min(count, 2 * depth)

    @property
    def _exact(self) -> bool:
        return not self._learnt_from

    def _best(self, rows: Rows, vector: NDArray[np.float32], top: int) -> Rows:
        nearness = cosines(self._vectors[rows], vector)
        return rows[np.lexsort((rows, -nearness))[:top]]

    def _made(self) -> Any:
        count, dimension = self._vectors.shape
        if count <= EXACT or dimension % _CODED_TOGETHER:
            index: Any = self._faiss.IndexScalarQuantizer(
                dimension,
                self._faiss.ScalarQuantizer.QT_fp16,
                self._faiss.METRIC_INNER_PRODUCT,
            )
            index.train(np.zeros((1, dimension), dtype=np.float32))
        else:
            index = self._faiss.IndexPQFastScan(
                dimension, dimension // _CODED_TOGETHER, 4, self._faiss.METRIC_INNER_PRODUCT
            )
            step = -(-count // _TRAINED_ON)
            index.train(self._vectors[::step].astype(np.float32))
            self._learnt_from = count
        for start in range(0, count, _TRAINED_ON):
            index.add(self._vectors[start : start + _TRAINED_ON].astype(np.float32))
        return index
