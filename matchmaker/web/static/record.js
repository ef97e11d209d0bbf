// Adds rows to tables of rows without asking the server.
for (const table of document.querySelectorAll("[data-rows]")) {
  const body = table.querySelector("tbody");
  table.querySelector("[data-add-row]").addEventListener("click", (event) => {
    event.preventDefault();
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
    row.querySelector("input, select").focus();
  });
}
