/* The agent's voice: the microphone, the way to the exchange (WebRTC, G.711), and what is heard. This window holds it;
   the call bar, here and at the desk, says what is done with calls. */
(() => {
  "use strict";

  const place = document.getElementById("telephone");
  const form = document.getElementById("leg");
  const voice = document.getElementById("voice");
  const microphones = document.getElementById("microphone");
  const loudspeakers = document.getElementById("loudspeaker");
  const meter = document.getElementById("level");
  const levelWords = document.getElementById("level-words");
  const connectButton = document.querySelector("[data-phone-connect]");
  const closeButton = document.querySelector("[data-phone-close]");
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  const GATHER = 2000; // candidates that come later are not waited for
  const PAUSES = [1000, 2000, 5000, 10000]; // between two tries

  let wanted = false;
  let greeting = false; // ready once, when the agent said so: a way that was lost and found again changes no presence
  let stream = null;
  let leg = null;
  let tries = 0;
  let waiting = 0;
  let measuring = null;
  let sound = null; // one for all that is made and measured here, begun by a press of a button as browsers want it

  function audio() {
    sound ||= new AudioContext();
    if (sound.state === "suspended") sound.resume();
    return sound;
  }

  function show(state) {
    place.querySelectorAll("[data-leg]").forEach((words) => { words.hidden = words.dataset.leg !== state; });
    connectButton.hidden = wanted;
    closeButton.hidden = !wanted;
  }

  function trouble(name, words = "") {
    place.querySelectorAll("[data-trouble]").forEach((box) => { box.hidden = box.dataset.trouble !== name; });
    if (words) place.querySelector("[data-words]").textContent = words;
  }

  async function open() {
    clearTimeout(waiting);
    if (!navigator.mediaDevices) { stop(); trouble("insecure"); return; }
    try {
      if (!stream) { show("asking"); await listen(); }
    } catch (error) {
      stop();
      trouble(["NotAllowedError", "NotFoundError"].includes(error.name) ? error.name : "NotReadableError");
      return;
    }
    show("connecting");
    try {
      await connect();
    } catch (error) {
      if (error.refused) { stop(); trouble("refused", error.message); return; }
      again();
    }
  }

  async function listen() {
    const chosen = microphones.value ? { deviceId: { exact: microphones.value } } : {};
    const wishes = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    stream = await navigator.mediaDevices.getUserMedia({ audio: { ...wishes, ...chosen } });
    stream.getAudioTracks()[0].addEventListener("ended", change);
    await devices();
    measure();
  }

  /* Anew at every try: what proves us to a relay is good for a shift. Without an answer the direct way is tried. */
  async function servers() {
    const answer = await fetch(place.dataset.servers).catch(() => null);
    return answer?.ok ? await answer.json() : {};
  }

  async function connect() {
    const way = new RTCPeerConnection(await servers());
    leg?.close();
    leg = way;
    const side = way.addTransceiver(stream.getAudioTracks()[0], { direction: "sendrecv", streams: [stream] });
    const codecs = RTCRtpReceiver.getCapabilities("audio").codecs;
    const named = (...names) => codecs.filter((codec) => names.includes(codec.mimeType.toLowerCase()));
    side.setCodecPreferences?.([...named("audio/pcma"), ...named("audio/pcmu"), ...named("audio/telephone-event")]);
    way.addEventListener("track", (event) => { voice.srcObject = new MediaStream([event.track]); });
    await way.setLocalDescription(await way.createOffer());
    await gathered(way);
    const body = new FormData(form);
    body.set("offer", way.localDescription.sdp);
    const answer = await fetch(place.dataset.attach, { method: "POST", body });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      const words = [said.message, said.mend].filter(Boolean).join(" ");
      throw Object.assign(new Error(words), { refused: answer.status < 500 && Boolean(words) });
    }
    await way.setRemoteDescription({ type: "answer", sdp: said.sdp });
    watch(way);
  }

  function gathered(way) {
    return new Promise((done) => {
      const look = () => { if (way.iceGatheringState === "complete") done(); };
      way.addEventListener("icegatheringstatechange", look);
      setTimeout(done, GATHER);
      look();
    });
  }

  function watch(way) {
    const look = () => {
      if (way !== leg) return;
      if (way.connectionState === "connected") {
        tries = 0;
        show("open");
        trouble("");
        if (greeting) window.htmx.trigger(form, "connected");
        greeting = false;
      } else if (["disconnected", "failed"].includes(way.connectionState) || ended.state === "closed") {
        again(); // the exchange gives a silent browser up within three seconds, which is sooner than it is noticed here
      }
    };
    const ended = way.getSenders()[0].transport;
    way.addEventListener("connectionstatechange", look);
    ended.addEventListener("statechange", look);
    look();
  }

  function again() {
    leg?.close();
    leg = null;
    if (!wanted) return;
    show("again");
    clearTimeout(waiting);
    waiting = setTimeout(open, PAUSES[Math.min(tries, PAUSES.length - 1)]);
    tries += 1;
  }

  function stop() {
    wanted = false;
    clearTimeout(waiting);
    leg?.close();
    leg = null;
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    measuring = null;
    show("closed");
  }

  /* Another microphone goes into the same leg: a call goes on. */
  async function change() {
    if (!stream) return;
    stream.getTracks().forEach((track) => track.stop());
    try {
      await listen();
      await leg?.getSenders()[0].replaceTrack(stream.getAudioTracks()[0]);
      trouble("");
    } catch (error) {
      trouble(["NotAllowedError", "NotFoundError"].includes(error.name) ? error.name : "NotReadableError");
    }
  }

  async function devices() {
    const all = await navigator.mediaDevices.enumerateDevices();
    [[microphones, "audioinput"], [loudspeakers, "audiooutput"]].forEach(([list, kind]) => {
      const kept = list.value || localStorage.getItem(list.id) || "";
      const found = all.filter((one) => one.kind === kind && one.deviceId && one.label);
      list.replaceChildren(list.options[0], ...found.map((one) => new Option(one.label, one.deviceId)));
      list.value = found.some((one) => one.deviceId === kept) ? kept : "";
    });
    loudspeakers.disabled = !("setSinkId" in voice);
    await speak();
  }

  async function speak() {
    if ("setSinkId" in voice) await voice.setSinkId(loudspeakers.value).catch(() => {});
  }

  /* How loud it is; whoever wants no motion reads a word instead. */
  function measure() {
    const ear = audio().createAnalyser();
    ear.fftSize = 1024;
    audio().createMediaStreamSource(stream).connect(ear);
    measuring = ear;
    const wave = new Float32Array(ear.fftSize);
    (function look() {
      if (measuring !== ear) return;
      ear.getFloatTimeDomainData(wave);
      const loud = Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length);
      const level = Math.min(100, Math.max(0, 100 + 1.6 * 20 * Math.log10(loud || 1e-6)));
      meter.hidden = still.matches;
      if (!still.matches) meter.value = level;
      const words = level > 4 ? levelWords.dataset.heard : levelWords.dataset.quiet;
      if (levelWords.textContent !== words) levelWords.textContent = words;
      setTimeout(look, still.matches ? 1000 : 100);
    })();
  }

  /* Through the loudspeaker that was chosen. */
  async function tone(frequencies, seconds) {
    const out = audio().createMediaStreamDestination();
    const player = new Audio();
    player.srcObject = out.stream;
    if ("setSinkId" in player) await player.setSinkId(loudspeakers.value).catch(() => {});
    await player.play();
    frequencies.forEach((hertz) => {
      const [wave, volume] = [audio().createOscillator(), audio().createGain()];
      wave.frequency.value = hertz;
      volume.gain.value = 0.08;
      wave.connect(volume).connect(out);
      wave.start();
      wave.stop(audio().currentTime + seconds);
    });
  }

  connectButton.addEventListener("click", () => { wanted = greeting = true; tries = 0; trouble(""); open(); });
  closeButton.addEventListener("click", stop);
  document.querySelector("[data-phone-tone]").addEventListener("click", () => tone([440], 1));
  microphones.addEventListener("change", () => { localStorage.setItem("microphone", microphones.value); change(); });
  loudspeakers.addEventListener("change", () => { localStorage.setItem("loudspeaker", loudspeakers.value); speak(); });
  navigator.mediaDevices?.addEventListener("devicechange", devices);

  /* Whoever closes the window would hang up. */
  addEventListener("beforeunload", (event) => { if (leg && document.querySelector("#call-end")) event.preventDefault(); });

  /* A link leads to another window: this one has the voice, and would hang up. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.pathname === location.pathname || !(leg || link.closest("#callbar, #caller"))) return;
    event.preventDefault();
    event.stopPropagation();
    window.open(link.href, "trustdesk-desk");
  }, true);

  /* A window that nobody sees hears no stream, and a call may come while it is covered. */
  setInterval(() => { if (leg && document.hidden) window.htmx.trigger("#callbar > *", "live"); }, 2000);

  setInterval(() => { if (leg && document.querySelector("#callbar [data-ringing]")) tone([440, 480], 0.8); }, 2500);

  if (navigator.mediaDevices) devices();
})();
