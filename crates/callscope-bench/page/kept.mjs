// Times charts alone, and no first drawing.

import { drawing, tell } from "./drawing.mjs";

await tell(drawing.filter(([name]) => !name.endsWith("cold")));
