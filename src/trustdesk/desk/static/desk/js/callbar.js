/* The call bar: its clocks, and what must outlive a change of it (a menu that is open, what was typed there). */
(() => {
  "use strict";

  const bar = () => document.getElementById("callbar");
  if (!bar()) return;
  const inside = () => bar().querySelector(".callbar-in");

  /* Clocks go on between two words of the server. */
  function tick() {
    document.querySelectorAll("[data-since]").forEach((clock) => {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.since)) / 1000));
      const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
      const two = (number) => String(number).padStart(2, "0");
      clock.textContent = `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
    });
  }
  setInterval(tick, 1000);

  /* Said once to those who can't see it: an element that is replaced is not read out. */
  let said = inside()?.dataset.said;
  function say() {
    const words = inside()?.dataset.said || "";
    if (words !== said) document.getElementById("call-said").textContent = words;
    said = words;
  }

  /* Who is known is shown before anybody says hello: once a call, and never over something that is being written. */
  function pop() {
    const link = document.querySelector("#caller [data-pop]");
    const pane = document.getElementById("customer");
    if (!link || !pane || document.hidden || sessionStorage.getItem("popped") === link.dataset.pop) return;
    const typed = [...pane.querySelectorAll("input, textarea")].some((field) => field.value !== field.defaultValue);
    if (typed || link.pathname === location.pathname) return;
    sessionStorage.setItem("popped", link.dataset.pop);
    link.click();
  }

  /* Where there is no pane for a card, its link leads to its page. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#caller [hx-target='#customer']");
    if (link && !document.getElementById("customer")) event.stopPropagation();
  }, true);

  /* An answer that was under way while something was done shows the bar of before it, and so may one that another
     answer overtook: they are put away. Whoever asked during a deed asks again after it. */
  const numbers = new WeakMap();
  let [sent, shown, past, doing, again] = [0, 0, 0, 0, false];
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { target, xhr, requestConfig } = event.detail;
    if (target !== bar()) return;
    const deed = requestConfig.verb !== "get";
    if (deed) doing += 1; else numbers.set(xhr, sent += 1);
    // of the request itself: who sent it may be gone from the page when it ends
    xhr.addEventListener("loadend", () => {
      if (deed) [doing, past] = [doing - 1, sent];
      if (!again || doing) return;
      again = false;
      window.htmx.trigger(inside(), "live");
    });
  });
  function isStale(xhr) {
    const number = numbers.get(xhr);
    if (!number) return false;
    if (doing || number <= past) again = true;
    else if (number > shown) shown = number;
    return again || number < shown;
  }

  let kept = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== bar()) return;
    if (isStale(event.detail.xhr)) { event.detail.shouldSwap = false; return; }
    const menus = [...bar().querySelectorAll("details[open][id]")].map((menu) => menu.id);
    const values = [...bar().querySelectorAll("details[open] [id]:is(input:not([type=hidden]), select)")];
    kept = { menus, values: values.map((field) => [field.id, field.value]), asked: event.detail.requestConfig.verb };
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== bar() || !kept) return;
    if (kept.asked === "get") {
      kept.menus.forEach((id) => { const menu = document.getElementById(id); if (menu) menu.open = true; });
      kept.values.forEach(([id, value]) => { const field = document.getElementById(id); if (field) field.value = value; });
    }
    kept = null;
  });
  /* Whoever ended the call is asked what came of it. */
  let ended = false;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.querySelector?.("#call-end")?.form === event.detail.elt) ended = true;
  });
  function ask() {
    const menu = document.getElementById("call-wrap-up");
    if (!menu || !ended) return;
    ended = false;
    menu.open = true;
    menu.querySelector("a")?.focus();
  }

  document.addEventListener("htmx:afterSettle", () => { tick(); say(); pop(); ask(); });

  /* A key that is pressed in the moment between the change of the bar and htmx's look at it: the page is not left. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("#callbar form[hx-post]")) return;
    event.preventDefault();
    window.htmx.process(form);
    form.requestSubmit(event.submitter);
  });

  /* The telephone's window comes to the front instead of loading again: that would cut its call off. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-phone-window]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const size = "popup,width=760,height=760";
    const telephone = window.open("", link.target, size);
    if (!telephone) { location.assign(link.href); return; }
    if (telephone.location.pathname !== link.pathname) telephone.location.assign(link.href);
    telephone.focus();
  });

  document.addEventListener("visibilitychange", () => { if (!document.hidden) window.htmx.trigger(inside(), "live"); });

  pop();
})();
