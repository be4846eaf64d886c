"""The web process: uvicorn serves the ASGI application. Started by `up`."""

import os

import uvicorn

from trustdesk.cli.environment import ready

_SHUTDOWN_SECONDS = 8  # open event streams are closed after this


def main() -> None:
    """Serve until asked to end. Where to listen comes from the environment that `up` makes."""
    ready(service=True)
    certificate = os.environ.get("TRUSTDESK_CERTIFICATE") or None
    proxy = os.environ.get("TRUSTDESK_PROXY", "")
    guarded = bool(proxy) and os.environ["TRUSTDESK_ADDRESS"].startswith("https:")
    uvicorn.run(
        "trustdesk.cli.behind_proxy:application" if guarded else "trustdesk.asgi:application",
        factory=guarded,
        host=os.environ["TRUSTDESK_LISTEN_HOST"],
        port=int(os.environ["TRUSTDESK_LISTEN_PORT"]),
        workers=int(os.environ.get("TRUSTDESK_WEB_PROCESSES", "1")),
        ssl_certfile=certificate,
        ssl_keyfile=os.environ.get("TRUSTDESK_CERTIFICATE_KEY") or None if certificate else None,
        # Only the named proxy is believed when it says who calls and whether over HTTPS.
        proxy_headers=bool(proxy),
        forwarded_allow_ips=proxy or None,
        access_log=False,  # addresses hold what people searched for
        log_config=None,  # the settings' own, without personal data
        server_header=False,
        backlog=4096,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )


if __name__ == "__main__":
    main()
