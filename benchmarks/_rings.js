/* What a page of the desk sees of each ring, by the clock of the machine in milliseconds: told that something changed
   (`told`), the bar asked for and there (`asked`, `answered`), who is calling painted (`caller`), the card asked for at
   once by the way that an agent has (`looked`), there (`opened`), painted (`card`). */
(() => {
  "use strict";

  const stamp = () => performance.timeOrigin + performance.now();
  const rings = window.rings = [];
  const last = { told: 0, asked: 0, answered: 0 };
  let ring = null;

  const Source = window.EventSource;
  window.EventSource = class extends Source {
    constructor(...words) {
      super(...words);
      this.addEventListener("changed", () => { last.told = stamp(); });
    }
  };

  /* A frame was made of what stands in the page now: its callback comes before it is painted, the message after. */
  const painted = (then) => requestAnimationFrame(() => {
    const after = new MessageChannel();
    after.port1.onmessage = () => then(stamp());
    after.port2.postMessage(0);
  });

  const place = (event) => event.detail.pathInfo?.requestPath || "";
  const isBar = (event) => place(event).endsWith("/phone/bar/");
  const heading = () => document.querySelector("#customer #customer-name");

  function begin() {
    const accept = document.querySelector("#call-accept")?.form.action;
    const card = document.querySelector("#caller .caller-card");
    if (!accept || !card || ring?.accept === accept) return;
    const before = heading();
    ring = { accept, before, clock: Date.now() - stamp(), matches: card.querySelectorAll("li a").length, ...last };
    rings.push(ring);
    const mine = ring;
    painted((at) => { mine.caller = at; });
  }

  function look() {
    begin();
    if (!ring || ring.seen || !ring.opened || !heading() || heading() === ring.before) return;
    ring.seen = true;
    const mine = ring;
    painted((at) => { mine.card = at; });
  }

  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  });
  document.addEventListener("htmx:beforeSend", (event) => {
    if (isBar(event)) last.asked = stamp();
    else if (ring && !ring.looked && place(event).includes("/customers/")) ring.looked = stamp();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isBar(event)) last.answered = stamp();
    else if (ring && ring.looked && !ring.opened && place(event).includes("/customers/")) ring.opened = stamp();
  });
  document.addEventListener("htmx:afterSettle", () => {
    begin();
    if (!ring || ring.pressed) return;
    ring.pressed = true;
    document.querySelector("#customer") && document.querySelector("#caller .caller-card li a")?.click();
  });
})();
