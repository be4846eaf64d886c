"""`python -m trustdesk.sipedge.webrtc DESCRIPTOR`: started by the edge, which holds the other end."""

import signal
import sys

import uvloop

from trustdesk.sipedge.webrtc.process import serve

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group: the edge says when it is over
    uvloop.run(serve(int(sys.argv[1])))
