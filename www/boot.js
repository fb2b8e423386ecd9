// Starts the app without an inline script, and says so on the page where it cannot start or has died.

const script = document.querySelector("script[data-wasm]");
const note = document.getElementById("boot");

/** Puts a sentence and a button over the page: a dead module cannot draw any more. */
function showDead(sentence) {
  if (document.getElementById("dead")) return;
  const panel = document.createElement("div");
  panel.id = "dead";
  panel.className = "cover";
  panel.setAttribute("role", "alertdialog");
  panel.setAttribute("aria-label", "Callscope has stopped");
  const card = document.createElement("div");
  card.className = "card state";
  const text = document.createElement("p");
  text.textContent = sentence;
  const button = document.createElement("button");
  button.className = "primary";
  button.textContent = "Load the page again";
  button.addEventListener("click", () => location.reload());
  card.append(text, button);
  panel.append(card);
  document.body.append(panel);
  button.focus();
}

/** A trap of the module means that nothing on the page works any more. */
function watch(error) {
  if (error instanceof WebAssembly.RuntimeError) {
    showDead("Something went wrong inside the page and it has stopped. Your data are safe on the server.");
  }
}
addEventListener("error", (event) => watch(event.error));
addEventListener("unhandledrejection", (event) => watch(event.reason));

try {
  const { default: init } = await import(new URL(script.dataset.js, document.baseURI).href);
  note.remove();
  await init({ module_or_path: new URL(script.dataset.wasm, document.baseURI).href });
} catch (error) {
  note.remove();
  console.error(error);
  showDead("The page could not be loaded whole. Check the connection and load it again.");
}
