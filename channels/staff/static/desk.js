// Shortcuts of every page: / to the search box, 1-9 along the menu, ? for the list; they can be switched off.
const OFF = "mot-cua-can-bo-khong-phim-tat";
const list = document.getElementById("phim-tat");
const isOff = () => localStorage.getItem(OFF) === "1";
const show = () => document.documentElement.classList.toggle("no-keys", isOff());

function isTyping(target) {
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target) || isOff()) return;
  if (document.querySelector("dialog[open]")) return;
  const search = document.querySelector("[data-search]");
  const item = document.querySelector(`.menu a[data-key="${CSS.escape(event.key)}"]`);
  if (event.key === "/" && search) {
    search.focus();
    search.select();
  } else if (event.key === "?" && list) {
    list.showModal();
  } else if (item) {
    item.click();
  } else {
    return;
  }
  event.preventDefault();
});

if (list) {
  const box = list.querySelector("[data-shortcuts-on]");
  box.checked = !isOff();
  box.addEventListener("change", () => {
    localStorage.setItem(OFF, box.checked ? "0" : "1");
    show();
  });
  document.querySelector("[data-shortcuts]").addEventListener("click", () => list.showModal());
}

// The menu of one's own closes like any other: by Esc, or by going elsewhere.
const me = document.querySelector(".me");
if (me) {
  me.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !me.open) return;
    me.open = false;
    me.querySelector("summary").focus();
    event.stopPropagation();
  });
  document.addEventListener("click", (event) => {
    if (!me.contains(event.target)) me.open = false;
  });
}

// A form that changes something for good asks first.
for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!confirm(form.dataset.confirm)) event.preventDefault();
  });
}
show();
