// Rebuilding: the progress of a build, and the page anew when it has ended or a release has settled.
const EVERY_MS = 1500;
const underway = document.querySelector("[data-underway]");
const live = document.querySelector("[data-live]").dataset.live;
const settled = document.querySelector("[data-settled]");

async function look() {
  const answer = await fetch("/can-bo/day/dung-lai.json", { headers: { "X-Background": "1" } }).catch(() => null);
  if (!answer?.ok) return false;
  const told = await answer.json();
  if (String(told.live) !== live || (settled?.dataset.settled === "" && told.settled)) return true;
  if (!underway) return false;
  if (!told.running) return true;
  const step = underway.querySelector("[data-step]");
  if (step.textContent !== told.running.step) underway.querySelector("[data-news]").textContent = told.running.step;
  step.textContent = told.running.step;
  underway.querySelector("[data-place]").textContent = told.running.place;
  underway.querySelector("progress").value = told.running.place - 1;
  return false;
}

async function goOn() {
  if (await look()) location.reload();
  else setTimeout(goOn, EVERY_MS);
}
if (underway || settled?.dataset.settled === "") setTimeout(goOn, EVERY_MS);
