"""What browsers offer, as they wrote it."""

FINGERPRINT = ":".join(["AB"] * 32)
CHROMIUM = f"""v=0
o=- 8192281931681573289 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=extmap-allow-mixed
a=msid-semantic: WMS eac0e9a5
m=audio 52885 UDP/TLS/RTP/SAVPF 111 8 0 110 126
c=IN IP4 192.0.2.2
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:2890983010 1 udp 2122194687 192.0.2.2 52885 typ host generation 0 network-id 1
a=candidate:1 1 udp 2122194687 7d5b0c1e-aaaa.local 52886 typ host generation 0
a=candidate:3533636858 1 tcp 1518214911 192.0.2.2 9 typ host tcptype active generation 0
a=candidate:4 1 udp 1 2001:db8::7 5000 typ srflx raddr 0.0.0.0 rport 0
a=ice-ufrag:LCsH
a=ice-pwd:qHcC2hUJHcklx51j3HQJNiSH
a=ice-options:trickle
a=fingerprint:sha-256 {FINGERPRINT}
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=sendrecv
a=msid:eac0e9a5 926611d1
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=rtpmap:8 PCMA/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
a=ssrc:1340229298 cname:OiocNI7d
""".replace("\n", "\r\n")
FIREFOX = f"""v=0
o=mozilla...THIS_IS_SDPARTA-99.0 5133 0 IN IP4 0.0.0.0
s=-
t=0 0
a=fingerprint:sha-256 {FINGERPRINT.lower()}
a=group:BUNDLE 0
a=ice-options:trickle
m=audio 9 UDP/TLS/RTP/SAVPF 0 101
c=IN IP4 0.0.0.0
a=recvonly
a=ice-pwd:0123456789abcdef0123456789abcdef
a=ice-ufrag:0123abcd
a=mid:0
a=rtcp-mux
a=rtpmap:101 telephone-event/8000
a=setup:active
""".replace("\n", "\r\n")
