/* Parts of a page that change by themselves: <div data-live="/where/the/stream/is/" hx-get="…" hx-trigger="live">.
   The server says that something changed, not what: the part asks for itself through its own door. While the stream is
   refused or silent the part asks every few seconds. A page that nobody sees listens to nothing: browsers allow six
   connections to a server, whatever the number of tabs. */
(() => {
  "use strict";

  const FIRST = 5000; // until the server's first word, which comes at once
  const SILENCE = 40000; // it says something every 15 seconds
  const ASK = 3000; // without a stream
  const AGAIN = 20000; // then the stream is tried once more

  const streams = new Map();
  const missed = new Set();
  const parts = () => [...document.querySelectorAll("[data-live]")];

  function tell(address) {
    parts().filter((part) => part.dataset.live === address).forEach((part) => {
      if (part.classList.contains("htmx-request")) missed.add(address);
      else window.htmx.trigger(part, "live");
    });
  }

  class Stream {
    constructor(address) {
      this.address = address;
      this.listen();
    }

    listen() {
      this.source = new EventSource(this.address);
      this.source.addEventListener("changed", () => { this.heard(); tell(this.address); });
      this.source.addEventListener("alive", () => this.heard());
      this.source.addEventListener("error", () => {
        if (this.source.readyState === EventSource.CLOSED) this.lost();
      });
      this.expect(FIRST);
    }

    heard() {
      clearInterval(this.asking);
      this.asking = 0;
      this.expect(SILENCE);
    }

    expect(time) {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.lost(), time);
    }

    lost() {
      this.source.close();
      if (!this.asking) {
        this.asking = setInterval(() => tell(this.address), ASK);
        tell(this.address);
      }
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.listen(), AGAIN);
    }

    end() {
      this.source.close();
      clearInterval(this.asking);
      clearTimeout(this.waiting);
    }
  }

  function tend() {
    const wanted = new Set(document.hidden ? [] : parts().map((part) => part.dataset.live));
    streams.forEach((stream, address) => {
      if (wanted.has(address)) return;
      stream.end();
      streams.delete(address);
    });
    wanted.forEach((address) => {
      if (!streams.has(address)) streams.set(address, new Stream(address));
    });
  }

  document.addEventListener("visibilitychange", tend);
  document.addEventListener("htmx:afterSettle", () => {
    tend();
    const again = [...missed]; // a part that still asks is put among the missed once more
    missed.clear();
    again.forEach(tell);
  });

  /* Who may no longer see the part is told so once, not every few seconds. */
  document.addEventListener("htmx:responseError", (event) => {
    const part = event.detail.elt;
    if (!part.dataset.live || event.detail.xhr.status >= 500) return;
    delete part.dataset.live;
    tend();
  });

  tend();
})();
