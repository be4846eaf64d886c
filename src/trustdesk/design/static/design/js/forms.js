/* Forms with parts that depend on a choice. Alpine's build without eval: components are named here. */
document.addEventListener("alpine:init", () => {
  "use strict";

  /* Shows the part that belongs to the chosen option: <div x-data="choices" data-chosen="direct">. */
  window.Alpine.data("choices", () => ({
    chosen: "",
    init() {
      this.chosen = this.$el.dataset.chosen || "";
    },
    choose(event) {
      this.chosen = event.target.value;
    },
    direct() {
      return this.chosen === "direct";
    },
    indirect() {
      return this.chosen !== "direct";
    },
    fresh() {
      return this.chosen === "new";
    },
  }));
});
