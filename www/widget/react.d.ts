/** `<callscope-report>` in the JSX of React 19: `import type {} from "callscope/react"`. */

import type { HTMLAttributes, Ref } from "react";
import type { CallscopeReport, ReportEvents, ReportOptions } from "./callscope.js";

type Listeners = {
  [Name in keyof ReportEvents as `on${Name}`]?: (event: ReportEvents[Name]) => void;
};

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "callscope-report": Omit<HTMLAttributes<CallscopeReport>, keyof ReportOptions> &
        ReportOptions &
        Listeners & { ref?: Ref<CallscopeReport> };
    }
  }
}
