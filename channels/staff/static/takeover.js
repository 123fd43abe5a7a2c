// The live side of conversations: server-sent events say that something changed, then queue and talk are fetched.
const BASE = "/can-bo/tro-chuyen";
const OFF = "mot-cua-can-bo-khong-phim-tat";
const LOOK_AFTER_MS = 4000;
const SOUND = "mot-cua-can-bo-am-thanh";
const csrf = document.querySelector("meta[name=csrf]").content;
const list = document.querySelector("[data-rows]");
const empty = document.querySelector("[data-empty]");
const news = document.querySelector("[data-news]");
const talk = document.querySelector("[data-talk]");
const lines = document.querySelector("[data-lines]");
const fault = document.querySelector("[data-fault]");
const delivery = document.querySelector("[data-delivery]");
const openId = talk ? Number(talk.dataset.talk) : 0;
const plainTitle = document.title;
let last = talk ? Number(talk.dataset.last) : 0;

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null && child !== ""));
  return node;
}

async function get(path) {
  const response = await fetch(path, { headers: { Accept: "application/json", "X-Background": "1" } });
  if (response.status === 401) location.reload();
  return { status: response.status, body: await response.json() };
}

// --- how long somebody has waited -------------------------------------------------------------------------------

function waited(since) {
  const minutes = Math.max(0, Math.floor((Date.now() - since) / 60000));
  if (minutes < 1) return "dưới 1 phút";
  if (minutes < 60) return `${minutes} phút`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} giờ` : `${Math.floor(minutes / 1440)} ngày`;
}

setInterval(() => {
  for (const node of document.querySelectorAll("[data-since]")) node.textContent = waited(Number(node.dataset.since));
}, 15000);

// --- the queue ----------------------------------------------------------------------------------------------------

function whoHas(row) {
  if (row.is_mine) return "Tôi đang giữ";
  if (row.officer) return `${row.officer} đang giữ`;
  return row.wanted ? `chuyển cho ${row.wanted}` : "đang chờ";
}

function rowNode(row) {
  const name = el("span", { class: "row-name" }, row.name, row.is_unread ? " " : "",
    row.is_unread ? el("span", { class: "unread" }, "có tin mới") : null);
  const what = el("span", { class: "note" }, [row.reason, row.channel, row.field].filter(Boolean).join(" · "));
  const state = el("span", { class: "note" }, whoHas(row), row.since_ms ? " · đợi " : "",
    row.since_ms ? el("span", { "data-since": row.since_ms }, waited(row.since_ms)) : null);
  const link = el("a", { class: row.is_unread ? "talk-row unread-row" : "talk-row", href: row.path,
    "aria-current": row.id === openId ? "true" : null }, name, what, state,
    row.is_urgent ? el("span", { class: "tag tag-urgent" }, "khẩn cấp") : null, row.is_late ? el("span", { class: "tag" }, "đợi lâu") : null);
  return el("li", {}, link);
}

async function showQueue() {
  const { status, body } = await get(`${BASE}.json`);
  if (status !== 200) return;
  const focused = document.activeElement && list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  list.replaceChildren(...body.rows.map(rowNode));
  if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  empty.hidden = body.rows.length > 0;
  const count = body.rows.filter((row) => row.is_unread || (row.state === "waiting" && row.reason !== "phản ánh")).length;
  document.title = count ? `(${count}) ${plainTitle}` : plainTitle;
}

// --- the open talk ------------------------------------------------------------------------------------------------

function wordsNode({ head, text }) {
  return head ? el("details", { class: "words" }, el("summary", {}, head), text) : el("p", { class: "words" }, text);
}

function lineNode(line) {
  const who = el("p", { class: "who" }, line.speaker, " ", el("span", { class: "note" }, line.at));
  return el("div", { class: `line ${line.who}` }, who, wordsNode(line),
    line.masked ? el("p", { class: "note" }, "có phần đã che") : null);
}

function toEnd() {
  if (lines) lines.scrollTop = lines.scrollHeight;
}

async function showTalk() {
  const { status, body } = await get(`${BASE}/${openId}/dong.json?sau=${last}`);
  if (status !== 200) {
    say(body.detail);
    lines.replaceChildren();
    document.querySelector("[data-write]")?.remove();
    return;
  }
  for (const line of body.lines.filter((one) => one.id > last)) {
    lines.append(lineNode(line));
    last = line.id;
  }
  if (body.lines.length) toEnd();
  delivery.textContent = body.delivery;
  delivery.hidden = !body.delivery;
  // The steps below the talk depend on who has it; what is being written must not be lost.
  const changed = body.row.state !== talk.dataset.state || (body.row.is_mine ? "1" : "") !== talk.dataset.mine;
  if (changed && !(document.getElementById("loi")?.value)) location.reload();
  else if (changed) say("Cuộc trò chuyện vừa đổi người giữ hoặc đã kết thúc. Chép lại lời đang viết rồi tải lại trang.");
  else if (body.row.is_unread && !document.hidden) await markSeen();
}

async function markSeen() {
  await fetch(`${BASE}/${openId}/da-doc`, { method: "POST", headers: { "X-CSRF-Token": csrf, "X-Background": "1" } });
  await showQueue();
}

function say(text) {
  fault.textContent = text;
  fault.hidden = !text;
}

const writing = document.querySelector("[data-write]");
if (writing) {
  const box = writing.elements.loi;
  writing.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!box.value.trim() || writing.dataset.busy) return;
    writing.dataset.busy = "1";
    say("");
    try {
      const response = await fetch(writing.action, { method: "POST", body: new URLSearchParams(new FormData(writing)),
        headers: { "X-CSRF-Token": csrf, Accept: "application/json" } });
      if (response.ok) {
        box.value = "";
        writing.elements.ma.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
        await showTalk();
        setTimeout(refresh, LOOK_AFTER_MS); // whether the channel took it
      } else {
        say((await response.json()).detail);
      }
    } catch {
      say("Chưa gửi được. Kiểm tra mạng rồi bấm Gửi lại; lời nhắn chỉ đến một lần.");
    }
    delete writing.dataset.busy;
    box.focus();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) writing.requestSubmit();
    if (event.key === "Escape") box.blur();
  });
}

// --- news ---------------------------------------------------------------------------------------------------------

const sound = document.querySelector("[data-sound]");
sound.checked = localStorage.getItem(SOUND) === "1";
sound.addEventListener("change", () => localStorage.setItem(SOUND, sound.checked ? "1" : "0"));

function beep() {
  if (!sound.checked) return;
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.value = 0.05;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.15);
  tone.addEventListener("ended", () => audio.close());
}

const TOLD = { new: "Có người mới chờ cán bộ.", late: "Có người đợi lâu.", danger: "Có người báo nguy hiểm, cần đọc ngay." };
let again = false;
let busy = false;

/** Fetch what changed; changes that come meanwhile lead to one more look. */
async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    do {
      again = false;
      await (talk ? Promise.all([showTalk(), showQueue()]) : showQueue());
    } while (again);
  } catch {
    // The line dropped; the stream comes back by itself and looks again.
  }
  busy = false;
}

function listen() {
  const source = new EventSource(`${BASE}/truc-tiep`);
  source.addEventListener("open", refresh);
  source.addEventListener("desk", (event) => {
    const { what } = JSON.parse(event.data);
    if (TOLD[what]) news.textContent = TOLD[what];
    if (TOLD[what] || what === "line") beep();
    refresh();
  });
  source.addEventListener("over", () => location.reload());
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
  window.addEventListener("pagehide", () => source.close());
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || localStorage.getItem(OFF) === "1") return;
  if (["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName) || document.querySelector("dialog[open]")) return;
  const rows = [...list.querySelectorAll("a")];
  const place = rows.indexOf(document.activeElement);
  const steps = {
    j: () => rows[Math.min(place + 1, rows.length - 1)]?.focus(),
    k: () => rows[Math.max(place - 1, 0)]?.focus(),
    n: () => document.querySelector("[data-take]")?.requestSubmit(),
    r: () => document.getElementById("loi")?.focus(),
  };
  if (!steps[event.key]) return;
  steps[event.key]();
  event.preventDefault();
});

toEnd();
listen();
