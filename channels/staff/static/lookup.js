// The look-up by keyboard: hits while one types, arrows choose, Enter opens, Esc goes back.
const form = document.getElementById("tim");
const box = document.getElementById("q");
const hits = document.getElementById("ket-qua");
const count = document.getElementById("so-ket-qua");
const codeNote = document.getElementById("la-ma-ho-so");
const otherOffice = document.getElementById("noi-khac");
const procedure = document.querySelector(".procedure");
const TYPING_PAUSE_MS = 60;
let asked = 0;
let timer = 0;
/** The answer to what was typed last; Enter waits for it. */
let answered = Promise.resolve();

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function item(row) {
  const link = make("a", "", make("strong", "", row.title));
  link.href = row.href;
  if (row.passage.length) {
    const pieces = row.passage.map(([text, mark]) => (mark ? make("mark", "", text) : text));
    link.append(make("span", "why-line", `${row.by}: `, ...pieces));
  }
  link.append(make("span", "note", `${row.meta} · `, make("span", "code", row.code)));
  return make("li", "", link);
}

function links() {
  return [...hits.querySelectorAll("a")];
}

function showFirst() {
  const first = box.value.trim() && document.activeElement === box;
  [...hits.children].forEach((node, place) => node.classList.toggle("active", Boolean(first) && place === 0));
}

function show(found) {
  hits.replaceChildren(...found.rows.map(item));
  codeNote.hidden = !found.application_code;
  showOtherOffice(found.elsewhere);
  if (found.application_code) count.textContent = "Đây là mã hồ sơ: tra ở trang Hồ sơ.";
  else if (!query().size) count.textContent = "Gõ từ hai chữ, có dấu hay không dấu đều được.";
  else if (found.total > found.rows.length) count.textContent = `${found.total} thủ tục, hiện ${found.rows.length}`;
  else count.textContent = found.total ? `${found.total} thủ tục` : "Không thấy thủ tục nào. Anh/chị thử từ khác hoặc bỏ lọc.";
  showFirst();
}

function showOtherOffice(other) {
  otherOffice.hidden = !other;
  if (!other) return;
  const link = make("a", "", `Thủ tục ${other.code} trên Cổng`);
  Object.assign(link, { href: other.source, target: "_blank", rel: "noopener" });
  const where = `. Nơi giải quyết ghi trên Cổng: ${other.where}. `;
  const words = ["Có thể là việc của cơ quan khác: ", make("b", "", other.title), where, link, ` (dữ liệu ngày ${other.as_of}).`];
  otherOffice.replaceChildren(...words);
}

function query() {
  const given = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...given]) if (!value.trim()) given.delete(name);
  return given;
}

async function ask() {
  const number = ++asked;
  const given = query();
  try {
    const answer = await fetch(`/can-bo/tra-cuu.json?${given}`, { headers: { Accept: "application/json" } });
    if (answer.status === 401) {
      location.reload();
      return;
    }
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const found = await answer.json();
    if (number !== asked) return;
    show(found);
    if (!procedure) history.replaceState(null, "", given.size ? `/can-bo?${given}` : "/can-bo");
  } catch {
    if (number === asked) count.textContent = "Không tìm được lúc này. Anh/chị thử lại sau ít giây.";
  }
}

function askNow() {
  clearTimeout(timer);
  timer = 0;
  answered = ask();
}

box.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(askNow, TYPING_PAUSE_MS);
});
for (const select of form.querySelectorAll("select")) select.addEventListener("change", askNow);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (timer) askNow();
  await answered;
  const [first] = links();
  if (first && box.value.trim()) location.href = first.href;
});

box.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const [first, second] = links();
  if (event.key === "ArrowDown" && first) {
    // The first hit is what Enter opens anyway, so the arrow goes on to the next one.
    (hits.firstElementChild.classList.contains("active") && second ? second : first).focus();
  } else if (event.key === "Escape" && box.value) {
    box.value = "";
    askNow();
  } else {
    return;
  }
  event.preventDefault();
});
box.addEventListener("focus", showFirst);
box.addEventListener("blur", showFirst);

hits.addEventListener("keydown", (event) => {
  const all = links();
  const place = all.indexOf(document.activeElement);
  if (event.key === "ArrowDown") (all[place + 1] ?? all[place]).focus();
  else if (event.key === "ArrowUp") (all[place - 1] ?? box).focus();
  else if (event.key === "Home") all[0].focus();
  else if (event.key === "End") all.at(-1).focus();
  else if (event.key === "Escape") box.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

// On a procedure's page: i prints, v explains, Esc leads back to the hits.
document.addEventListener("keydown", (event) => {
  const typing = ["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName);
  if (!procedure || typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const off = document.documentElement.classList.contains("no-keys");
  const why = document.getElementById("vi-sao");
  if (event.key === "Escape") {
    location.href = query().size ? `/can-bo?${query()}` : "/can-bo";
  } else if (event.key === "i" && !off) {
    document.getElementById("in-danh-sach").click();
  } else if (event.key === "v" && !off && why) {
    why.open = !why.open;
    if (why.open) why.querySelector("summary").focus();
  }
});

const copy = document.querySelector("[data-copy]");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(copy.dataset.copy);
    copy.textContent = "Đã chép liên kết";
  });
}
if (procedure) document.getElementById("ten-thu-tuc").focus({ preventScroll: true });
else box.focus();
showFirst();
