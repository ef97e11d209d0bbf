// Makes writing a record quicker: rows, offers, the check and saving without a new page.

// Adds rows to tables of rows without asking the server.
function addRow(table) {
  const body = table.querySelector("tbody");
  const number = body.rows.length;
  const row = body.rows[number - 1].cloneNode(true);
  for (const input of row.querySelectorAll("input, select")) {
    const renamed = (text) => text.replace(/-\d+-/, `-${number}-`);
    input.name = renamed(input.name);
    input.id = renamed(input.id);
    const label = input.getAttribute("aria-label");
    input.setAttribute("aria-label", label.replace(/\d+/, number + 1));
    if (input.tagName === "INPUT") input.value = "";
  }
  body.append(row);
  return row;
}
for (const table of document.querySelectorAll("[data-rows]")) {
  table.querySelector("[data-add-row]").addEventListener("click", (event) => {
    event.preventDefault();
    addRow(table).querySelector("input, select").focus();
  });
}

const form = document.querySelector("form[data-record]");
if (form) {
  const leaving = (event) => event.preventDefault();
  let changed = false;
  let saving = false;
  let assisting;
  let autosaving;

  const send = (address, extra) => {
    const body = new FormData(form);
    for (const [name, value] of Object.entries(extra)) body.append(name, value);
    return fetch(address, { method: "POST", body, redirect: "error" });
  };

  // Put the parts that follow the text in place of the old ones, unless they are the same.
  const replaceParts = (text) => {
    const parts = new DOMParser().parseFromString(text, "text/html");
    for (const part of parts.querySelectorAll("[id^=assist-]")) {
      const old = document.getElementById(part.id);
      if (!old || old.innerHTML === part.innerHTML) continue;
      const focused = old.contains(document.activeElement) && document.activeElement.id;
      old.replaceWith(part);
      if (focused) document.getElementById(focused)?.focus();
    }
  };
  const assist = async () => {
    try {
      const answer = await send(form.dataset.assistance, {});
      if (answer.ok) replaceParts(await answer.text());
    } catch {
      // No network: the buttons say so when they are pressed.
    }
  };

  const autosave = async () => {
    if (saving || !changed || form.dataset.sent) return;
    saving = true;
    changed = false;
    try {
      const answer = await send(form.action, { then: "autosave" });
      const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
      const told = parts.getElementById("autosave");
      if (!told) throw new Error("no answer");
      document.getElementById("autosave").textContent = told.textContent;
      if (answer.ok) {
        form.elements.version.value = told.dataset.version;
        if (new URL(form.action).pathname !== told.dataset.address) {
          form.action = told.dataset.address;
          history.replaceState(null, "", told.dataset.address);
        }
        if (!changed) window.removeEventListener("beforeunload", leaving);
      } else {
        changed = true;
      }
    } catch {
      changed = true;
      const status = document.getElementById("autosave");
      status.textContent = status.dataset.failed;
    }
    saving = false;
  };

  const touched = () => {
    changed = true;
    window.addEventListener("beforeunload", leaving);
    clearTimeout(assisting);
    assisting = setTimeout(assist, 800);
    if ("autosave" in form.dataset) {
      clearTimeout(autosaving);
      autosaving = setTimeout(autosave, 3000);
    }
  };
  form.addEventListener("input", touched);
  form.addEventListener("submit", (event) => {
    // A save that is under way has to end first, or the two would race for the same version.
    if (saving) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter;
      const wait = setInterval(() => {
        if (saving) return;
        clearInterval(wait);
        delete form.dataset.sent;
        form.requestSubmit(button);
      }, 50);
      return;
    }
    clearTimeout(autosaving);
    window.removeEventListener("beforeunload", leaving);
  }, { capture: true });

  // An offer fills the first free row; "check" asks without a new page.
  form.addEventListener("click", (event) => {
    const offer = event.target.closest("button[name=add]");
    if (offer) {
      event.preventDefault();
      const table = document.getElementById("indicators");
      const rows = [...table.querySelectorAll("tbody tr")];
      const cell = (row, name) => row.querySelector(`[name$="-${name}"]`);
      const row = rows.find((one) => !cell(one, "name").value && !cell(one, "value").value) ?? addRow(table);
      const { name, comparator, value, high, unit, condition } = offer.dataset;
      const values = { name, comparator, value, value_high: high, unit, condition };
      for (const [key, text] of Object.entries(values)) cell(row, key).value = text;
      offer.remove();
      cell(row, "name").focus();
      touched();
    } else if (event.target.closest("button[name=add-chain]")) {
      event.preventDefault();
      const chain = event.target.closest("button");
      const box = form.querySelector(`input[name=chains][value="${CSS.escape(chain.value)}"]`);
      box.checked = true;
      chain.remove();
      box.focus();
      touched();
    } else if (event.target.closest("[data-check]")) {
      event.preventDefault();
      assist().then(() => document.getElementById("step-check").scrollIntoView());
    }
  });
}
