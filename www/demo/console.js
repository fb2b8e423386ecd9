// The console around the reports: made up, and no more than a page that a team might have already. It signs people in
// and asks the reports to come back; the reports bring all the rest.

const dialog = document.createElement("dialog");
const form = document.createElement("form");
const field = (name, type, label, value) => {
  const wrapper = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { name, type, value, required: true, autocomplete: type === "password" ? "current-password" : "email" });
  wrapper.append(label, input);
  return wrapper;
};
const heading = document.createElement("h2");
heading.textContent = "Sign in to the console";
const problem = document.createElement("p");
problem.setAttribute("role", "alert");
const button = document.createElement("button");
button.textContent = "Sign in";
form.append(heading, field("email", "email", "E-mail", "demo@callscope.example"), field("password", "password", "Password", ""), problem, button);
dialog.append(form);
document.body.append(dialog);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { email, password } = form.elements;
  const answer = await fetch("/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: email.value, password: password.value }),
  }).catch(() => null);
  if (!answer?.ok) {
    problem.textContent = answer ? "E-mail or password is wrong." : "The server cannot be reached.";
    return;
  }
  dialog.close();
  for (const report of document.querySelectorAll("callscope-report")) report.refresh();
  document.dispatchEvent(new Event("signed-in"));
});

// The reports say that nobody is signed in; the page knows how to sign in.
document.addEventListener("callscope-unauthorized", () => {
  if (!dialog.open) dialog.showModal();
});

// What the reports tell is written down at the end of the page, where there is a place for it.
const log = document.getElementById("log");
if (log) {
  for (const name of ["load", "error", "unauthorized", "select", "navigate"]) {
    document.addEventListener(`callscope-${name}`, (event) => {
      const line = document.createElement("li");
      line.textContent = `callscope-${name} ${JSON.stringify(event.detail)}`;
      log.prepend(line);
      while (log.children.length > 8) log.lastChild.remove();
    });
  }
}
