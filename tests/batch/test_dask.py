"""A Dask cluster gives the tables that this machine gives."""

import pytest

from ncs_analyzer.batch import engines
from tests.batch.conftest import batch, contents

distributed = pytest.importorskip("distributed")


@pytest.mark.filterwarnings("ignore")  # of the cluster's own start and end
def test_a_cluster_gives_the_same_bytes(studies_file, tmp_path):
    batch([studies_file], tmp_path / "here")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        there = engines.dask(cluster.scheduler_address, 2)
        batch([studies_file], tmp_path / "there", rows_at_once=150, workers=2, engine=there)
    assert contents(tmp_path / "there") == contents(tmp_path / "here")
