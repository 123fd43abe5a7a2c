// The print button of a procedure's page; without scripts it stays hidden and the browser's own menu prints.
const button = document.getElementById("in-trang");
button.hidden = false;
button.addEventListener("click", () => window.print());
// On paper nothing can be unfolded.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("main details")) folded.open = true;
});
