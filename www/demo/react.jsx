// A page in React 19: custom elements take properties, and events by `on` and their names.

import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

function Console() {
  const [range, setRange] = useState("30d");
  const [selected, setSelected] = useState("");
  return (
    <>
      <div className="switches">
        <button type="button" onClick={() => setRange("7d")}>7 days</button>
        <button type="button" onClick={() => setRange("30d")}>30 days</button>
        <output>{selected}</output>
      </div>
      <callscope-report
        view="daily"
        api="/atoms/v1"
        timeZone="UTC"
        range={range}
        oncallscope-select={(event) => setSelected(`${event.detail.kind} ${event.detail.value}`)}
      />
    </>
  );
}

createRoot(document.getElementById("root")).render(<StrictMode><Console /></StrictMode>);
