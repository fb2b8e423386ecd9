// DuckDB in a worker: calls are read into a table, and four questions are asked of it.
//
// It has no reader of its own for pages: from a local copy `read_json` is not there, so the calls come as one list.

import { AsyncDuckDB, VoidLogger } from "@duckdb/duckdb-wasm";

const QUESTIONS = [
  "SELECT hour(began) AS hour, count(*) AS calls FROM logs GROUP BY hour",
  "SELECT began::DATE AS day, count(*) AS calls FROM logs GROUP BY day",
  `SELECT "agentId", count(*) AS calls, sum(duration) AS secs FROM logs GROUP BY "agentId"`,
  `SELECT status, "disconnectionReason", count(*) AS calls FROM logs GROUP BY status, "disconnectionReason"`,
];

export async function startDuckdb() {
  const database = new AsyncDuckDB(new VoidLogger(), new Worker("duckdb-browser-eh.worker.js"));
  await database.instantiate(new URL("duckdb-eh.wasm", location.href).href);
  const connection = await database.connect();
  return {
    async sum(list) {
      await database.registerFileBuffer("logs.json", list);
      await connection.insertJSONFromPath("logs.json", { name: "raw" });
      await connection.query(`CREATE TABLE logs AS SELECT "createdAt"::TIMESTAMP AS began, "agentId", status, duration, "disconnectionReason" FROM raw`);
      const [hours, days, agents] = await Promise.all(QUESTIONS.map((question) => connection.query(question)));
      const nine = hours.toArray().find((row) => Number(row.hour) === 9).calls;
      const calls = hours.toArray().reduce((sum, row) => sum + Number(row.calls), 0);
      await connection.query("DROP TABLE raw; DROP TABLE logs");
      await database.dropFile("logs.json");
      return String([calls, Number(nine), days.numRows, agents.numRows]);
    },
    end: () => database.terminate(),
  };
}

/** The calls of pages as one list. */
export function listOf(pages) {
  const rows = pages.map((page) => {
    const text = new TextDecoder().decode(page);
    return text.slice(text.indexOf("[") + 1, text.indexOf("]"));
  });
  return new TextEncoder().encode(`[${rows.join(",")}]`);
}
