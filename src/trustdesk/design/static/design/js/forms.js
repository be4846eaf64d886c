/* Forms with parts that depend on a choice. Alpine's build without eval: components are named here. */
document.addEventListener("alpine:init", () => {
  "use strict";

  /* Shows the part that belongs to the chosen option: <div x-data="depends" data-chosen="bought">. */
  window.Alpine.data("depends", () => ({
    chosen: "",
    init() {
      this.chosen = this.$el.dataset.chosen || "";
    },
    choose(event) {
      this.chosen = event.target.value;
    },
    bought() {
      return this.chosen === "bought";
    },
    direct() {
      return this.chosen === "direct";
    },
    indirect() {
      return this.chosen !== "direct";
    },
  }));
});
