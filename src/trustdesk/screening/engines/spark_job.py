"""One query on Spark, in a process of its own: what Java takes of memory goes with it. Imports nothing of ours.

    spark_job.py FOLDER

reads every FOLDER/*.parquet as a view of its name, runs FOLDER/query.sql, and writes FOLDER/decided as Parquet.
"""

import os
import sys
import threading
import time
from pathlib import Path

_MEMORY = "4g"
_LOOK_EVERY_SECONDS = 0.5


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_SECONDS)
    os._exit(1)


def main() -> None:
    """Run the query. On loopback only; what spills stays in the folder."""
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra, and slow to load

    folder = Path(sys.argv[1])
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    builder = SparkSession.builder.master("local[*]").appName("trustdesk")
    for name, value in {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": os.environ.get("TRUSTDESK_SPARK_MEMORY", _MEMORY),
        "spark.local.dir": str(folder / "spilled"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": str(4 * (os.cpu_count() or 1)),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    for path in folder.glob("*.parquet"):
        session.read.parquet(str(path)).createOrReplaceTempView(path.stem)
    session.sql((folder / "query.sql").read_text(encoding="utf-8")).write.parquet(str(folder / "decided"))
    session.stop()


if __name__ == "__main__":
    main()
