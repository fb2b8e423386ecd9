// A page in Vue 3, without a compiler of templates: such a page runs under a strict policy.

import { createApp, h, ref } from "vue";

const Console = {
  setup() {
    const range = ref("30d");
    const selected = ref("");
    const choice = (value, label) => h("button", { type: "button", onClick: () => (range.value = value) }, label);
    return () => [
      h("div", { class: "switches" }, [choice("7d", "7 days"), choice("30d", "30 days"), h("output", selected.value)]),
      h("callscope-report", {
        view: "daily",
        api: "/atoms/v1",
        timeZone: "UTC",
        range: range.value,
        "onCallscope-select": (event) => (selected.value = `${event.detail.kind} ${event.detail.value}`),
      }),
    ];
  },
};

createApp(Console).mount("#root");
