// Teaching: procedures found while one types, j and k from question to question, the first list when it is ready.
const TYPING_PAUSE_MS = 150;
const MOST = 5;

function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

function candidate(row) {
  const button = make("button", "", make("span", "sr-only", "Là cách gọi của"), ` ${row.title} `, make("span", "note code", row.code));
  button.type = "submit";
  button.name = "viec";
  button.value = `ten:${row.code}`;
  return make("li", "", button);
}

for (const box of document.querySelectorAll("[data-find]")) {
  const list = box.form.querySelector("[data-found]");
  const proposed = [...list.children];
  let timer = 0;
  let asked = 0;
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const number = ++asked;
      const words = box.value.trim();
      if (words.length < 2) {
        list.replaceChildren(...proposed);
        return;
      }
      const answer = await fetch(`/can-bo/tra-cuu.json?${new URLSearchParams({ q: words })}`).catch(() => null);
      if (number !== asked || !answer?.ok) return; // the button "Tìm" does it without this script
      const rows = (await answer.json()).rows.slice(0, MOST);
      list.replaceChildren(...(rows.length ? rows.map(candidate) : [make("li", "note", "Không thấy thủ tục nào.")]));
    }, TYPING_PAUSE_MS);
  });
}

const questions = [...document.querySelectorAll("[data-question]")];
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !["j", "k"].includes(event.key)) return;
  if (["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName) || document.documentElement.classList.contains("no-keys")) return;
  const here = questions.indexOf(document.activeElement?.closest("[data-question]"));
  const next = questions[event.key === "j" ? here + 1 : Math.max(here - 1, 0)];
  next?.focus();
});

const said = document.querySelector("[data-question] .fault, [data-question] .notice");
said?.closest("[data-question]").querySelector('input[name="loi"]').focus();
if (document.querySelector("[data-soon]")) setTimeout(() => location.reload(), 1500);
