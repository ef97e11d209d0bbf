// Keys of the broker's desk. Every key presses a button or follows a link that is on the page.

const dismissal = document.getElementById("dismissal");

function press(verb) {
  document.querySelector(`form[data-verb="${verb}"] button`)?.click();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "Escape") {
    if (dismissal?.open) dismissal.open = false;
    typing?.blur();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;

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
  else if (event.key === "d" && dismissal) {
    event.preventDefault();
    dismissal.open = true;
    dismissal.querySelector(".reason").focus();
  }
});

// The current line of the queue is in view.
const queue = document.querySelector(".desk-queue");
const current = queue?.querySelector('[aria-current="true"]');
// Only the queue itself scrolls: on a phone the page stays at its top.
if (current) queue.scrollTop = current.offsetTop - queue.offsetTop - queue.clientHeight / 3;
