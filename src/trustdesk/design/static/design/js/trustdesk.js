/* The page's manners: keys, dialogs, copying, and what to do when the server refuses or is silent.
   Everything works without this file except what is quicker with it. Hooks are data- attributes. */
(() => {
  "use strict";

  const root = document.documentElement;
  const keysOn = () => root.dataset.keys !== "off";
  const byId = (id) => document.getElementById(id);

  function say(words) {
    const toast = byId("toast");
    if (!toast) return;
    toast.textContent = words;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => { toast.textContent = ""; }, 4000);
  }

  function open(id) {
    const dialog = byId(id);
    if (!dialog || dialog.open) return;
    document.querySelectorAll("dialog[open]").forEach((other) => other.close());
    dialog.showModal();
    const first = dialog.querySelector("[data-focus]");
    if (first) { first.focus(); if (first.select) first.select(); }
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      say(button.dataset.copied);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(button);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
  }

  document.addEventListener("click", (event) => {
    const hook = event.target.closest("[data-copy], [data-dialog-open], [data-dialog-close], [data-reload]");
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (event.target instanceof HTMLDialogElement) event.target.close();
    if (!hook) return;
    if (hook.dataset.copy) copy(hook);
    if (hook.dataset.dialogOpen) open(hook.dataset.dialogOpen);
    if ("dialogClose" in hook.dataset) hook.closest("dialog").close();
    if ("reload" in hook.dataset) location.reload();
  });

  /* On a phone the sections lie in a row: the one where one is comes into sight. */
  document.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  /* Choices that take effect at once. */
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  function hits() {
    const palette = document.querySelector("dialog[open] .hits");
    const found = [...(palette || document).querySelectorAll(".hit, [data-hit]")];
    return found.length ? found : choices();
  }

  /* One of several is chosen by its figure; J and K go from one to the next, as the arrows do. */
  const choices = () => [...document.querySelectorAll("[data-key-choice]:not(:disabled)")];

  function choose(radio) {
    radio.checked = true;
    radio.focus();
  }

  function move(step) {
    const all = hits();
    if (!all.length) return;
    const here = all.indexOf(document.activeElement);
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + step));
    if (all[next].type === "radio") choose(all[next]); else all[next].focus();
  }

  const writing = (target) =>
    target instanceof HTMLElement && target.type !== "radio"
    && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

  function press(selector) {
    const target = document.querySelector(selector);
    if (!target) return false;
    if (writing(target)) target.focus(); else target.click();
    return true;
  }

  function figure(number) {
    const radio = choices().find((each) => each.dataset.keyChoice === number);
    if (radio) choose(radio);
    return Boolean(radio) || press(`[data-key-press="${number}"]`);
  }

  const single = {
    "?": () => { open("keys"); return true; },
    "/": () => press("[data-key-search]"),
    j: () => { move(1); return true; },
    k: () => { move(-1); return true; },
    n: () => press("[data-key-note]"),
    c: () => press("[data-key-create]"),
    r: () => press("[data-key-reply]"),
    p: () => press("[data-key-pause]"),
    e: () => press("[data-key-end]"),
    u: () => press("[data-key-skip]"),
    t: () => press("[data-key-true]"),
    d: () => press("[data-key-changed]"),
    l: () => press("[data-key-later]"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
    if (!keysOn()) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && byId("palette")) {
      event.preventDefault();
      open("palette");
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.key === "ArrowDown" && event.target.matches?.("[data-hits-input]")) {
      event.preventDefault();
      move(1);
      return;
    }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.matches?.(".hit")) {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
    if (document.querySelector("dialog[open]") && !"jk".includes(event.key)) return;
    const deed = single[event.key] || (/^[0-9]$/.test(event.key) && (() => figure(event.key)));
    if (deed && deed()) event.preventDefault();
  });

  /* What was chosen in a list is marked, also when only a part of the page changed. */
  document.addEventListener("htmx:afterSettle", () => {
    document.querySelectorAll(".hit").forEach((hit) => {
      if (hit.pathname === location.pathname) hit.setAttribute("aria-current", "true");
      else hit.removeAttribute("aria-current");
    });
  });

  document.addEventListener("htmx:beforeRequest", () => {
    const refusal = byId("refusal");
    if (refusal) refusal.replaceChildren();
  });

  document.addEventListener("htmx:sendError", () => say(root.dataset.silent));
  document.addEventListener("htmx:timeout", () => say(root.dataset.silent));

  document.addEventListener("htmx:afterSwap", (event) => {
    const mark = event.detail.target.querySelector?.("[data-focus-after]");
    if (mark) mark.focus();
  });
})();
