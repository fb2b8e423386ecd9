// Times charts alone.

import { drawing, tell } from "./drawing.mjs";

await tell(drawing);
