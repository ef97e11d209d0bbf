// Computes the checksum of a scanned copy in the browser; the file is never sent.
const holder = document.querySelector("[data-hash-into]");
if (holder && window.crypto?.subtle) {
  holder.hidden = false;
  const target = document.getElementById(holder.dataset.hashInto);
  holder.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    target.value = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  });
}
