/* The player of recordings. Without this file the browser's own plays them. Keys count inside the player only:
   space plays and pauses, the arrows go five seconds, Home and End to the ends. Hooks are data- attributes. */
(() => {
  "use strict";

  const STEP = 5;

  function clock(seconds) {
    const whole = Math.round(seconds);
    const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const shown = parts[0] ? parts : parts.slice(1);
    return shown.map((part, at) => (at ? String(part).padStart(2, "0") : part)).join(":");
  }

  function enhance(player) {
    if (player.dataset.ready) return;
    player.dataset.ready = "yes";
    const part = (name) => player.querySelector(`[data-${name}]`);
    const audio = part("audio"), play = part("play"), seek = part("seek"), played = part("played");
    const length = Number(player.dataset.seconds) || 1;
    const width = player.querySelector("svg").viewBox.baseVal.width;
    audio.controls = false;
    part("controls").hidden = false;

    function show() {
      const now = audio.currentTime;
      part("time").textContent = clock(now);
      seek.value = Math.round(now);
      seek.setAttribute("aria-valuetext", clock(now));
      played.setAttribute("width", Math.min(1, now / length) * width);
    }

    function go(seconds) {
      audio.currentTime = Math.max(0, Math.min(length, seconds));
      show();
    }

    function toggle() {
      if (audio.paused) audio.play().catch(() => {});
      else audio.pause();
    }

    function turned() {
      const going = !audio.paused;
      play.setAttribute("aria-label", going ? player.dataset.pause : play.dataset.words);
      play.querySelectorAll("[data-playing]").forEach((face) => {
        face.hidden = (face.dataset.playing === "yes") !== going;
      });
      // One voice at a time.
      if (going) {
        document.querySelectorAll("[data-audio]").forEach((other) => { if (other !== audio) other.pause(); });
      }
    }

    play.addEventListener("click", toggle);
    seek.addEventListener("input", () => go(Number(seek.value)));
    part("speed").addEventListener("change", (event) => { audio.playbackRate = Number(event.target.value); });
    player.querySelector("svg").addEventListener("click", (event) => {
      const box = event.currentTarget.getBoundingClientRect();
      go(((event.clientX - box.left) / box.width) * length);
    });
    audio.addEventListener("timeupdate", show);
    audio.addEventListener("play", turned);
    audio.addEventListener("pause", turned);
    audio.addEventListener("error", () => { part("fault").hidden = false; });
    player.addEventListener("keydown", (event) => {
      if (event.target.matches("select, a") || event.ctrlKey || event.metaKey || event.altKey) return;
      const deeds = {
        ArrowLeft: () => go(audio.currentTime - STEP),
        ArrowRight: () => go(audio.currentTime + STEP),
        Home: () => go(0),
        End: () => go(length),
      };
      if (event.key === " " && event.target !== play) deeds[" "] = toggle;
      if (!deeds[event.key]) return;
      event.preventDefault();
      event.stopPropagation();
      deeds[event.key]();
    });
  }

  const look = (root) => root.querySelectorAll("[data-player]").forEach(enhance);
  document.addEventListener("DOMContentLoaded", () => look(document));
  document.addEventListener("htmx:load", (event) => look(event.target.parentElement || event.target));
})();
