// Makes pages quicker; every page works without it.

// Show how many characters are left in fields with a limit.
for (const input of document.querySelectorAll("[data-limit]")) {
  const limit = Number(input.dataset.limit);
  const counter = document.createElement("p");
  counter.className = "counter";
  counter.setAttribute("aria-live", "polite");
  input.after(counter);
  const show = () => {
    const length = [...input.value].length;
    counter.textContent = `${length} / ${limit}`;
    counter.classList.toggle("over", length > limit);
  };
  input.addEventListener("input", show);
  show();
}

// A form is sent once, however often its button is pressed.
for (const form of document.querySelectorAll("form[method=post]:not([data-again])")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    window.removeEventListener("beforeunload", warn);
  });
}
// Coming back with the back button, a form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// Leaving a long form with something typed asks first.
function warn(event) {
  event.preventDefault();
}
for (const form of document.querySelectorAll("form[data-guard]")) {
  form.addEventListener("input", () => window.addEventListener("beforeunload", warn), { once: true });
}

// Filters apply when they are chosen; the button for it is then not needed.
for (const form of document.querySelectorAll("form[data-auto]")) {
  form.addEventListener("change", () => form.requestSubmit());
  for (const button of form.querySelectorAll("[data-apply]")) button.hidden = true;
}

// On a phone the filters are folded away, so that the list is seen first.
if (window.matchMedia("(max-width: 60rem)").matches) {
  for (const fold of document.querySelectorAll("details.filter-fold")) fold.open = false;
}

// Menus close when one clicks elsewhere or presses Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
});

// On a phone the places to go scroll sideways: where one is, is in sight.
const places = document.querySelector(".site-nav");
const here = places?.querySelector("[aria-current]");
if (here) places.scrollLeft = here.offsetLeft - places.offsetLeft - (places.clientWidth - here.offsetWidth) / 2;

document.getElementById("error-summary")?.focus();

// A page made to be printed has a button for it; without scripts the browser's menu does it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
