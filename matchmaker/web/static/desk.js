// Keys of the broker's desk. Every key presses a button or follows a link that is on the page.

const dismissal = document.getElementById("dismissal");
const inquiry = document.getElementById("inquiry");
const bulk = document.querySelector("#bulk .bulk");

function press(verb) {
  document.querySelector(`form[data-verb="${verb}"] button`)?.click();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape") {
    for (const panel of [dismissal, inquiry, bulk]) if (panel?.open) panel.open = false;
    typing?.blur();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  // A key that is held goes on through the queue, but decides only the pair it was pressed on.
  if (event.repeat && event.key !== "j" && event.key !== "k") return;

  if (dismissal?.open) {
    const reason = dismissal.querySelector(`[data-reason-key="${CSS.escape(event.key)}"]`);
    if (reason) {
      event.preventDefault();
      reason.click();
    } else if (event.key === "n") {
      event.preventDefault();
      dismissal.querySelector("#note").focus();
    }
    return;
  }
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (link) link.click();
  else if (event.key === "a") press("accept");
  else if (event.key === "s") press("snooze");
  else if (event.key === "u") press("undo");
  else if (event.key === "m") press("take");
  else if (event.key === "r") press("release");
  else if (event.key === "n") focusOn(event, document.getElementById("accept-note"));
  else if (event.key === "q" && inquiry) {
    inquiry.open = true;
    focusOn(event, inquiry.querySelector("textarea"));
  } else if (event.key === "b" && bulk) {
    bulk.open = true;
    focusOn(event, bulk.querySelector("select"));
  } else if (event.key === "x") choose();
  else if (event.key === "X") chooseAll();
  else if (event.key === "d" && dismissal) {
    dismissal.open = true;
    focusOn(event, dismissal.querySelector(".reason"));
  }
});

function focusOn(event, element) {
  event.preventDefault();
  element?.focus();
}

// Choosing lines for several at once: the current one and on to the next, or all of them.
function boxes() {
  return [...document.querySelectorAll("#bulk input[name=chosen]")];
}

function choose() {
  const focused = document.activeElement?.closest("#bulk li");
  const line = focused ?? document.querySelector("#bulk [aria-current=true]")?.closest("li");
  const box = line?.querySelector("input[name=chosen]");
  if (!box) return;
  box.checked = !box.checked;
  (line.nextElementSibling?.querySelector("input[name=chosen]") ?? box).focus();
  tell();
}

function chooseAll() {
  const all = boxes();
  const wanted = !all.every((box) => box.checked);
  for (const box of all) box.checked = wanted;
  tell();
}

function tell() {
  if (bulk) bulk.open = boxes().some((box) => box.checked);
}

document.getElementById("bulk")?.addEventListener("change", (event) => {
  if (event.target.name === "chosen") tell();
});

// The current line of the queue is in view.
const queue = document.querySelector(".desk-queue");
const current = queue?.querySelector('[aria-current="true"]');
// Only the queue itself scrolls: on a phone the page stays at its top.
if (current) queue.scrollTop = current.offsetTop - queue.offsetTop - queue.clientHeight / 3;
