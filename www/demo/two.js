// Attributes are changed, and the reports follow in place.

const reports = () => document.querySelectorAll("callscope-report");

for (const button of document.querySelectorAll("[data-range], [data-theme]")) {
  button.addEventListener("click", () => {
    for (const report of reports()) Object.assign(report, button.dataset);
  });
}

document.getElementById("move").addEventListener("click", () => {
  const [first] = reports();
  first.parentElement.append(first);
});

document.getElementById("save").addEventListener("click", async () => {
  const [first] = reports();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await first.exportPng({ scale: 2 }));
  link.download = "report.png";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});
