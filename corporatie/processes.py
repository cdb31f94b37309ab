"""The one list of what runs in production. Compose, the supervisor of ``make run`` and the smoke test all read it.

What may differ between them stands in the environment, never in another command: ``WEB_BIND``, ``WEB_WORKERS``,
``WEB_THREADS``, ``WORKER_CONCURRENCY`` and ``LOG_LEVEL``.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

# Seconds: long enough for a worker to finish a batch and for gunicorn to answer what is under way.
STOP_WITHIN = 60

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  (gunicorn's files there have no name)


def web(environ: Mapping[str, str]) -> list[str]:
    # The heartbeat of gunicorn's workers in memory: on a slow disk it would take a busy worker for dead.
    in_memory = ["--worker-tmp-dir", str(SHARED_MEMORY)] if SHARED_MEMORY.is_dir() else []
    return [
        sys.executable,
        *("-m", "gunicorn", "corporatie.wsgi:application"),
        *("--bind", environ.get("WEB_BIND", "127.0.0.1:8000")),
        *("--workers", environ.get("WEB_WORKERS", "2")),
        *("--threads", environ.get("WEB_THREADS", "4")),
        *("--timeout", "60"),
        *("--graceful-timeout", "30"),
        *in_memory,
        # A worker starts afresh now and then, so that memory it lost does not add up.
        *("--max-requests", "5000"),
        *("--max-requests-jitter", "500"),
        *("--log-level", environ.get("LOG_LEVEL", "info").lower()),
        # Otherwise gunicorn makes a socket in the home folder, which a read-only container does not have.
        "--no-control-socket",
    ]


def worker(environ: Mapping[str, str]) -> list[str]:
    return [
        sys.executable,
        *("-m", "celery", "--quiet", "--app", "corporatie.celery", "worker"),
        *("--concurrency", environ.get("WORKER_CONCURRENCY", "2")),
        # Workers need not know each other: the rows say what is taken.
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        *("--max-tasks-per-child", "1000"),
    ]


def beat(_environ: Mapping[str, str]) -> list[str]:
    # No pid file: after a power cut it would keep beat from starting.
    return [sys.executable, *("-m", "celery", "--quiet", "--app", "corporatie.celery", "beat"), "--pidfile="]


def migrate(_environ: Mapping[str, str]) -> list[str]:
    """Ends by itself; the others start after it."""
    return [sys.executable, "manage.py", "prepare"]


PROCESSES = {"migrate": migrate, "web": web, "worker": worker, "beat": beat}
